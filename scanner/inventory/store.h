/* SPDX-License-Identifier: ISC */
/*
 * store - the inventory as rows: runs, assets, what they are known by, facts,
 * verdicts, events, and what is still to be told to somebody.
 *
 * The interface of every database gantry may have; store_sqlite*.c is the one
 * there is, and the one door to SQLite.  No rule of the inventory stands
 * behind it: what is the same asset, what is a change and what is worth an
 * event is decided by identity.c, changes.c and inventory.c.
 *
 * Times are nanoseconds since the epoch.  Runs, assets, events and rows of the
 * outbox are told by numbers from 1; 0 is none.  Every function that returns
 * bool returns false when the database would not; store_trouble() and
 * store_error() then say why.  Strings handed to an each() are borrowed for
 * that call; an each() that returns false ends the reading, which is no error.
 *
 * Writing is done by one process at a time: a transaction waits for another
 * one's end, at most STORE_WAIT_MS.  Readers never wait.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/fact.h"
#include "scanner/run.h"

enum { STORE_WAIT_MS = 5000, STORE_ERROR = 320, STORE_PORTS_MAX = 512 };

#define STORE_DEFAULT "/var/lib/gantry/inventory.db"

struct store;

enum store_mode {
	STORE_READ = 1, /* must be there; only an older schema is brought up */
	STORE_WRITE,    /* must be there */
	STORE_CREATE    /* made where it is not there */
};

enum store_trouble {
	STORE_FINE = 0,
	STORE_MISSING,  /* no such database */
	STORE_READONLY, /* no right to write */
	STORE_FULL,     /* no room on the disk */
	STORE_LOCKED,   /* another process held it longer than we waited */
	STORE_CORRUPT,  /* not a database, or a damaged one */
	STORE_NEWER,    /* a newer gantry's schema */
	STORE_OTHER
};

/* Returns the database, or NULL and one line in error (with its path). */
struct store *store_open(
    const char *path, enum store_mode mode, char error[static STORE_ERROR]);

/* What is not committed is undone.  NULL ok. */
void store_close(struct store *);

/* Of the last function that returned false. */
enum store_trouble store_trouble(const struct store *);

/* One line, with the database's path; "" where nothing went wrong. */
const char *store_error(const struct store *);

/*
 * A transaction: all that is written between begin and commit is there or is
 * not, whatever happens.  Every function that writes opens and commits one of
 * its own where none is open.  They do not nest.
 */
bool store_begin(struct store *);
bool store_commit(struct store *);
void store_rollback(struct store *);

/* --- runs -------------------------------------------------------------- */

enum { STORE_NAME = 64, STORE_SCOPE = 1024 };

struct store_run {
	int64_t number;
	char id[RUN_ID];
	char site[RUN_SITE];
	char segment[STORE_NAME]; /* of the configuration, or "" */
	char command[16];
	char care[16];
	char version[32];
	char scope[STORE_SCOPE];         /* as written, blanks between */
	int64_t started_ns, finished_ns; /* 0: not finished */
	bool is_running;                 /* or was killed */
	enum run_outcome outcome;
	bool is_folded; /* its facts are in the inventory */
	uint64_t packets_sent, hosts_probed, hosts_answered, halted;
	double listened_s;
	/* Of so many that had been met at the last look, so many kept silent:
	 * what of the silence of others is loss. */
	uint64_t awaited, missed;
	/* Devices met, those of them recognised, those that need a person;
	 * -1: not counted then. */
	int64_t met, recognised, alerted;
};

/* Begin a run, or go on with the one of that id: *number is its number.  What
 * was pending of it is forgotten: its ledger is given again. */
bool store_run_begin(struct store *, const struct run *run, const char *segment,
    int64_t *number);

/* Note how it ended, its counters, and whether it is folded. */
bool store_run_end(
    struct store *, int64_t number, const struct run *run, bool is_folded);

bool store_run_loss(
    struct store *, int64_t number, uint64_t awaited, uint64_t missed);

bool store_run_found(struct store *, int64_t number, size_t met,
    size_t recognised, size_t alerted);

/* The run of that id, or by its number in decimal, or "last".  False where
 * there is none (then the trouble is STORE_FINE). */
bool store_run_find(struct store *, const char *id, struct store_run *out);

/* All runs of a site (NULL: of all), latest first. */
bool store_runs(struct store *, const char *site,
    bool (*each)(void *arg, const struct store_run *run), void *arg);

/* --- facts of a run, as they come --------------------------------------- */

/* Facts of a run that is not folded yet: all n in one transaction. */
bool store_pending_add(
    struct store *, int64_t run, const struct fact *const *facts, size_t n);

/* In the order they came. */
bool store_pending(struct store *, int64_t run,
    bool (*each)(void *arg, const struct fact *fact), void *arg);

bool store_pending_drop(struct store *, int64_t run);

/* --- assets -------------------------------------------------------------- */

enum { STORE_TEXT = 256, STORE_ALERTS = 1024 };

struct store_asset {
	int64_t id;
	char site[RUN_SITE];
	uint32_t address; /* the latest it had; 0: it has none any more */
	struct mac mac;   /* all zero where not known */
	char name[STORE_NAME];
	char vendor[STORE_NAME];
	char standing[16]; /* asset_standing_text() */
	char fingerprint[STORE_NAME];
	char device[STORE_TEXT]; /* the fingerprint's name for people */
	char grade[16];          /* grade_text() */
	double probability;
	char ports[STORE_PORTS_MAX]; /* open ones, "tcp/21,tcp/104,udp/111" */
	char alerts[STORE_ALERTS];   /* one line each, newlines between */
	int64_t first_run, last_run; /* seen in */
	int64_t first_ns, last_ns;
	unsigned silent;     /* runs in a row that looked and met silence */
	double doubt;        /* what these are worth: see fold_loss.c */
	bool is_gone;        /* silent so often that it was said */
	int64_t merged_into; /* a person said it is that asset; 0: none */
};

/* Returns "present", "silent", "gone" or "merged". */
const char *store_asset_state(const struct store_asset *asset);

/* Every asset of a site (NULL: of all), by site and address, merged ones
 * too. */
bool store_assets(struct store *, const char *site,
    bool (*each)(void *arg, const struct store_asset *asset), void *arg);

/* Returns false where there is none (trouble STORE_FINE). */
bool store_asset_find(struct store *, int64_t id, struct store_asset *out);

/* Writes one; id 0 makes a new one and sets it. */
bool store_asset_put(struct store *, struct store_asset *asset);

/* The same asset, a person says; into 0 takes it back. */
bool store_asset_merge(struct store *, int64_t id, int64_t into);

/* --- what an asset is known by ------------------------------------------ */

enum store_identity_kind {
	IDENTITY_MAC = 1, /* on the link, told by ARP */
	IDENTITY_BEACON,  /* suite/station */
	IDENTITY_SSH,     /* host key */
	IDENTITY_CERTIFICATE,
	IDENTITY_DICOM, /* class UID and version: of a model, not of one */
	IDENTITY_ADDRESS,
	IDENTITY_KINDS
};

/* Returns "mac", "beacon", "ssh", "certificate", "dicom", "address". */
const char *store_identity_text(enum store_identity_kind kind);

struct store_identity {
	int64_t id, asset;
	enum store_identity_kind kind;
	char value[STORE_TEXT];
	int64_t first_run, last_run, ended_run; /* 0: still holds */
};

/* All that hold, of a site. */
bool store_identities(struct store *, const char *site,
    bool (*each)(void *arg, const struct store_identity *identity), void *arg);

/* Writes one; id 0 makes a new one and sets it. */
bool store_identity_put(struct store *, struct store_identity *identity);

/* --- facts of assets ------------------------------------------------------ */

struct store_fact {
	int64_t id, asset;
	struct fact fact;
	int64_t first_run, last_run, ended_run; /* 0: still holds */
	int64_t first_ns;                       /* fact.time_ns is the last */
};

/* Those that hold, of one asset (0: of all of the site; NULL: of all), by
 * asset. */
bool store_facts(struct store *, const char *site, int64_t asset,
    bool (*each)(void *arg, const struct store_fact *fact), void *arg);

/* Also those that ended: what was ever known of an asset, oldest first. */
bool store_fact_history(struct store *, int64_t asset,
    bool (*each)(void *arg, const struct store_fact *fact), void *arg);

/* A new row.  fact->id is set. */
bool store_fact_add(struct store *, struct store_fact *fact);

/* Seen again in that run: no new row.  fact gives the latest time, value
 * (of volatile ones) and evidence. */
bool store_fact_seen(
    struct store *, int64_t id, int64_t run, const struct fact *fact);

/* Holds no longer. */
bool store_fact_end(struct store *, int64_t id, int64_t run);

/* Volatile, and of no further interest: the row itself. */
bool store_fact_delete(struct store *, int64_t id);

/* --- verdicts -------------------------------------------------------------- */

struct store_verdict {
	int64_t asset, run; /* since */
	char fingerprint[STORE_NAME];
	char grade[16];
	double probability;
};

/* A new row where it differs from the latest one. */
bool store_verdict_note(struct store *, const struct store_verdict *verdict);
bool store_verdicts(struct store *, int64_t asset,
    bool (*each)(void *arg, const struct store_verdict *verdict), void *arg);

/* --- events ---------------------------------------------------------------- */

enum { STORE_EVENT_ID = 48, STORE_VALUE = 1024 };

struct store_event {
	int64_t number;
	char id[STORE_EVENT_ID]; /* "RUN-7": the same wherever it is told */
	int64_t run, asset, time_ns;
	char run_id[RUN_ID];
	char site[RUN_SITE];
	uint32_t address;
	struct mac mac;
	char name[STORE_TEXT];  /* of the asset, for people */
	char kind[24];          /* change_text() of changes.h */
	char field[STORE_NAME]; /* "tcp/21 ftp.greeting", "grade" or "" */
	char was[STORE_VALUE], now[STORE_VALUE];
};

/* Adds one and sets its number and id. */
bool store_event_add(struct store *, struct store_event *event);

struct store_event_filter {
	const char *site;            /* NULL: all */
	int64_t asset;               /* 0: all */
	int64_t first_run, last_run; /* 0: no bound; both included */
	int64_t since_ns;            /* 0: no bound */
	int64_t after;               /* events of a higher number */
};

/* By number. */
bool store_events(struct store *, const struct store_event_filter *filter,
    bool (*each)(void *arg, const struct store_event *event), void *arg);

/* --- the outbox: what is still to be told, and to whom --------------------- */

struct store_letter {
	int64_t number;
	char channel[STORE_NAME]; /* "webhook", "mail", as configured */
	struct store_event event;
	unsigned attempts;
	int64_t next_ns; /* not before */
	char trouble[STORE_TEXT];
};

/*
 * Every event of a site (NULL: of all) the channel has not been given yet is
 * put into its box, once, in order; *n (may be NULL) tells how many.  A channel
 * that is new begins with the events of run `from` and later.
 */
bool store_outbox_fill(struct store *, const char *channel, const char *site,
    int64_t from, size_t *n);

/* The oldest letters of a channel that are not delivered, due or not; in
 * order. */
bool store_outbox(struct store *, const char *channel,
    bool (*each)(void *arg, const struct store_letter *letter), void *arg);

/* It has arrived, at that time: it is never told again. */
bool store_outbox_done(struct store *, int64_t letter, int64_t now_ns);

/* It has not; try again at next_ns. */
bool store_outbox_failed(
    struct store *, int64_t letter, int64_t next_ns, const char *trouble);

/* --- lines of a record, checked against the network ------------------------ */

struct store_check {
	char site[RUN_SITE];
	char line[STORE_TEXT]; /* what tells the line: serial, name, address */
	char outcome[16];      /* "match", "mismatch", "absent", "cannot say" */
	int64_t since_run, last_run;
	unsigned times; /* this outcome, in a row */
	/* The latest of its outcomes that was match or mismatch, or "". */
	char decided[16];
	char differs[STORE_TEXT]; /* fields, since it last matched */
	bool is_told;             /* that it differs */
};

/* Note how a line fared; *times (may be NULL) tells how often in a row, this
 * one included.  The same run counts once. */
bool store_check_note(struct store *, int64_t run, const char *site,
    const char *line, const char *outcome, unsigned *times);

/* What is known of one line; all empty where nothing is. */
bool store_check_find(struct store *, const char *site, const char *line,
    struct store_check *out);

/* Writes decided, differs and is_told of a line that was noted. */
bool store_check_decide(struct store *, const struct store_check *check);

bool store_checks(struct store *, const char *site,
    bool (*each)(void *arg, const struct store_check *check), void *arg);

/* --- upkeep ------------------------------------------------------------------ */

struct store_pruned {
	uint64_t runs, facts, events, letters, verdicts;
};

/*
 * Forget what ended before that time: facts and identities that no longer
 * hold, events, delivered letters, what broken-off runs left, runs nothing refers to.  What holds stays,
 * however old.  is_dry: only counts.
 */
bool store_prune(
    struct store *, int64_t before_ns, bool is_dry, struct store_pruned *out);

/* Gives unused room back to the disk. */
bool store_compact(struct store *);

/* Reads every page: false and a line where something is damaged. */
bool store_check_whole(struct store *);

#endif
