/* SPDX-License-Identifier: ISC */
/*
 * notify_command - `gantry notify`: every channel's letters, in order, each
 * until it has arrived.
 *
 * Runs in a process of its own: it holds no descriptor of a scan, and no right
 * to make one.  One process at a time delivers; another finds the lock held and
 * leaves it to that one.  What fails is tried a few times at once, then after
 * a minute, two, four ... at most six hours; letters behind it wait, so that
 * nobody hears of a return before the going.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/config.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/notify/channel.h"
#include "scanner/notify/notify_command.h"
#include "scanner/options.h"
#include "scanner/rights.h"
#include "scanner/schedule/lock.h"
#include "scanner/schedule/metrics.h"

enum {
	CHANNELS_MAX = 64,
	TRIES = 3, /* at once, one, two seconds between */
	BACK_OFF_S = 60,
	BACK_OFF_MOST_S = 6 * 60 * 60,
	LETTERS_MOST = 10000 /* of one channel in one process */
};

static const int64_t second_ns = 1000000000;

/* Letters of one channel, as many as go together. */
struct batch {
	struct store_letter *letters;
	size_t len, max;
};

struct notifying {
	const struct config *config;
	struct store *store;
	struct deliver *deliver;
	bool at_once; /* no back-off is waited for */
	bool all_told;
};

static bool
take(void *arg, const struct store_letter *letter)
{
	struct batch *b = arg;

	b->letters[b->len++] = *letter;
	return b->len < b->max;
}

static bool
store_failed(const struct notifying *n)
{
	log_error("notify", "%s", store_error(n->store));
	return false;
}

/* How long a letter waits that has failed so often. */
static int64_t
back_off_s(unsigned attempts)
{
	int64_t s = BACK_OFF_S;

	for (unsigned i = 0; i < attempts && s < BACK_OFF_MOST_S; i++)
		s *= 2;
	return s < BACK_OFF_MOST_S ? s : BACK_OFF_MOST_S;
}

/* A few tries; what arrived is noted at once, each letter by itself. */
static bool
tell(struct notifying *n, const struct channel *c, const struct batch *b)
{
	char error[DELIVER_ERROR] = "";
	bool may_help = true, told = false;

	for (unsigned i = 0; i < TRIES && !told && may_help; i++) {
		if (i > 0)
			sleep(i);
		told = channel_tell(c, n->deliver, b->letters, b->len,
		    loop_wall(), &may_help, error);
	}
	if (!told) {
		const struct store_letter *first = &b->letters[0];
		int64_t next =
		    loop_wall() + back_off_s(first->attempts) * second_ns;

		log_warn("notify", "%s: %s", c->name, error);
		if (!store_outbox_failed(n->store, first->number, next, error))
			store_failed(n);
		return false;
	}
	for (size_t i = 0; i < b->len; i++)
		if (!store_outbox_done(
			n->store, b->letters[i].number, loop_wall()))
			return store_failed(n);
	return true;
}

/* Empties a channel's box, as far as it goes.  Returns whether it is empty. */
static bool
empty_box(struct notifying *n, const struct channel *c, struct batch *b)
{
	size_t told = 0;

	while (told < LETTERS_MOST) {
		b->len = 0;
		b->max = c->batch;
		if (!store_outbox(n->store, c->name, take, b))
			return store_failed(n);
		if (b->len == 0)
			break;
		if (!n->at_once && b->letters[0].next_ns > loop_wall())
			return false; /* said when it failed */
		if (!tell(n, c, b))
			return false;
		told += b->len;
	}
	if (told > 0)
		log_info("notify", "%s: %zu told", c->name, told);
	return true;
}

static bool
notify_all(struct notifying *n)
{
	const struct config_notify *notify = config_content(n->config)->notify;
	struct channel channels[CHANNELS_MAX];
	struct batch batch = { .letters = calloc(
				   CHANNEL_BATCH, sizeof(*batch.letters)) };
	struct store_run last = { .number = 0 };
	size_t len = channels_list(notify, channels, CHANNELS_MAX);
	bool all = batch.letters != NULL;

	store_run_find(n->store, "last", &last);
	for (size_t i = 0; i < len && batch.letters != NULL; i++) {
		if (!store_outbox_fill(
			n->store, channels[i].name, NULL, last.number, NULL))
			all = store_failed(n);
		else
			all = empty_box(n, &channels[i], &batch) && all;
	}
	free(batch.letters);
	return all;
}

static bool
open_store(struct notifying *n, const char *path)
{
	char error[STORE_ERROR];

	n->store = store_open(path, STORE_WRITE, error);
	if (n->store == NULL)
		log_error("notify", "%s", error);
	return n->store != NULL;
}

static int
notify_locked(const struct config *c, const struct options *o)
{
	const char *db = o->db != NULL ? o->db : config_database(c);
	struct notifying n = { .config = c, .at_once = o->now };
	int code = EXIT_USAGE;
	bool all;

	if (access(db, F_OK) != 0 && errno == ENOENT) {
		log_info("notify", "%s: there is no inventory yet", db);
		return EXIT_DONE;
	}
	if (!open_store(&n, db))
		return EXIT_USAGE;
	if (!rights_drop()) {
		log_error("rights", "cannot give up capabilities");
		goto out;
	}
	n.deliver = deliver_new();
	if (n.deliver == NULL) {
		log_error("notify", "libcurl is not there, or does not start");
		goto out;
	}
	all = notify_all(&n);
	if (!metrics_write(c, n.store))
		all = false;
	code = all ? EXIT_DONE : EXIT_DIFFERS;
out:
	deliver_free(n.deliver);
	store_close(n.store);
	return code;
}

int
notify_run(const struct options *o)
{
	char error[CONFIG_ERROR], path[PATH_MAX], why[LOCK_ERROR];
	const char *file = o->config != NULL ? o->config : CONFIG_DEFAULT;
	struct config *c = config_read(file, loop_wall(), error);
	int code = EXIT_USAGE, fd;
	bool is_held;

	if (c == NULL) {
		log_error("config", "%s", error);
		return EXIT_USAGE;
	}
	if (config_content(c)->notify == NULL) {
		log_info("notify", "%s tells nobody", file);
		config_free(c);
		return EXIT_DONE;
	}
	snprintf(path, sizeof(path), "%s/notify.lock", config_state(c));
	fd = lock_take(path, &is_held, why);
	if (fd >= 0)
		code = notify_locked(c, o);
	else if (is_held)
		code = EXIT_DONE;
	if (fd < 0)
		(is_held ? log_info : log_error)("notify", "%s", why);
	lock_give(fd);
	config_free(c);
	return code;
}
