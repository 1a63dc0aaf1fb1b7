/* SPDX-License-Identifier: ISC */
/*
 * deliver - libcurl's easy interface, one handle, so that a connection is kept
 * from one event to the next.
 *
 * The library comes with twenty others, which is a third of the time any
 * command takes to start, and hardly one of them sends anything: so it is
 * loaded by the first that does.
 */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/notify/deliver.h"

enum { ANSWER_MAX = 1 << 16 };

/* What is used of it, named as there but for the curl_. */
struct library {
	CURLcode (*global_init)(long flags);
	void (*global_cleanup)(void);
	CURL *(*easy_init)(void);
	void (*easy_cleanup)(CURL *);
	void (*easy_reset)(CURL *);
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLcode (*easy_perform)(CURL *);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	const char *(*easy_strerror)(CURLcode);
	struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
	void (*slist_free_all)(struct curl_slist *);
};

struct deliver {
	struct library lib;
	CURL *curl;
	char trouble[CURL_ERROR_SIZE];
	size_t answered;  /* bytes of the answer, which is of no interest */
	const char *text; /* of a mail, as far as it is still to be sent */
	size_t left;
};

#define LOAD(name)                                            \
	{                                                     \
		"curl_" #name, offsetof(struct library, name) \
	}
static const struct {
	const char *name;
	size_t at;
} wanted[] = { LOAD(global_init), LOAD(global_cleanup), LOAD(easy_init),
	LOAD(easy_cleanup), LOAD(easy_reset), LOAD(easy_setopt),
	LOAD(easy_perform), LOAD(easy_getinfo), LOAD(easy_strerror),
	LOAD(slist_append), LOAD(slist_free_all) };

static bool
load(struct library *lib)
{
	void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return false;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		void *found = dlsym(handle, wanted[i].name);

		if (found == NULL)
			return false;
		/* POSIX has it that both kinds of pointer are alike. */
		memcpy((char *)lib + wanted[i].at, &found, sizeof(found));
	}
	return lib->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct deliver *
deliver_new(void)
{
	struct deliver *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	if (load(&d->lib))
		d->curl = d->lib.easy_init();
	if (d->curl != NULL)
		return d;
	deliver_free(d);
	return NULL;
}

/* The library stays loaded: some of what it needs cannot be taken out. */
void
deliver_free(struct deliver *d)
{
	if (d == NULL)
		return;
	if (d->curl != NULL) {
		d->lib.easy_cleanup(d->curl);
		d->lib.global_cleanup();
	}
	free(d);
}

/* A receiver that talks without end is no receiver. */
static size_t
drop_answer(char *bytes, size_t size, size_t n, void *arg)
{
	struct deliver *d = arg;

	(void)bytes;
	d->answered += size * n;
	return d->answered > ANSWER_MAX ? 0 : size * n;
}

static size_t
give_text(char *out, size_t size, size_t n, void *arg)
{
	struct deliver *d = arg;
	size_t len = size * n < d->left ? size * n : d->left;

	memcpy(out, d->text, len);
	d->text += len;
	d->left -= len;
	return len;
}

/* What holds for everything that leaves. */
static CURL *
prepare(struct deliver *d, const char *url, const char *protocols,
    const char *ca_file)
{
	CURL *c = d->curl;

	d->lib.easy_reset(c);
	d->answered = 0;
	d->trouble[0] = '\0';
	d->lib.easy_setopt(c, CURLOPT_URL, url);
	d->lib.easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
	d->lib.easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	d->lib.easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	d->lib.easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	d->lib.easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)DELIVER_CONNECT_S);
	d->lib.easy_setopt(c, CURLOPT_TIMEOUT, (long)DELIVER_S);
	d->lib.easy_setopt(
	    c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	d->lib.easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	d->lib.easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	d->lib.easy_setopt(c, CURLOPT_ERRORBUFFER, d->trouble);
	d->lib.easy_setopt(c, CURLOPT_WRITEFUNCTION, drop_answer);
	d->lib.easy_setopt(c, CURLOPT_WRITEDATA, d);
	if (ca_file != NULL)
		d->lib.easy_setopt(c, CURLOPT_CAINFO, ca_file);
	return c;
}

/* A certificate that does not hold is not to be tried again in a second. */
static bool
is_for_good(CURLcode result)
{
	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_LOGIN_DENIED:
	case CURLE_USE_SSL_FAILED:
		return true;
	default:
		return false;
	}
}

static bool
judge_result(struct deliver *d, CURLcode result, bool *may_help,
    char error[static DELIVER_ERROR])
{
	*may_help = !is_for_good(result);
	if (result == CURLE_OK)
		return true;
	snprintf(error, DELIVER_ERROR, "%.250s",
	    d->trouble[0] != '\0' ? d->trouble : d->lib.easy_strerror(result));
	error[strcspn(error, "\r\n")] = '\0';
	return false;
}

static struct curl_slist *
make_list(struct deliver *d, const char *const *texts, size_t n)
{
	struct curl_slist *list = NULL, *grown;

	for (size_t i = 0; i < n; i++) {
		grown = d->lib.slist_append(list, texts[i]);
		if (grown == NULL) {
			d->lib.slist_free_all(list);
			return NULL;
		}
		list = grown;
	}
	return list;
}

static size_t
count(const char *const *texts)
{
	size_t n = 0;

	while (texts[n] != NULL)
		n++;
	return n;
}

bool
deliver_post(struct deliver *d, const char *url, const char *ca_file,
    const char *const *headers, const char *body, bool *may_help,
    char error[static DELIVER_ERROR])
{
	CURL *c = prepare(d, url, "http,https", ca_file);
	struct curl_slist *list = make_list(d, headers, count(headers));
	CURLcode result = CURLE_OUT_OF_MEMORY;
	long status = 0;

	d->lib.easy_setopt(c, CURLOPT_USERAGENT, "gantry/" GANTRY_VERSION);
	if (list != NULL) {
		d->lib.easy_setopt(c, CURLOPT_HTTPHEADER, list);
		d->lib.easy_setopt(
		    c, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
		d->lib.easy_setopt(c, CURLOPT_POSTFIELDS, body);
		result = d->lib.easy_perform(c);
	}
	d->lib.slist_free_all(list);
	if (!judge_result(d, result, may_help, error))
		return false;
	d->lib.easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		return true;
	*may_help = status >= 500 || status == 429 || status == 408;
	snprintf(error, DELIVER_ERROR, "the receiver answered %ld", status);
	return false;
}

bool
deliver_mail(struct deliver *d, const struct deliver_mail *m, bool *may_help,
    char error[static DELIVER_ERROR])
{
	CURL *c = prepare(d, m->url, "smtp,smtps", m->ca_file);
	struct curl_slist *list = make_list(d, m->to, m->to_len);
	CURLcode result = CURLE_OUT_OF_MEMORY;

	d->text = m->text;
	d->left = strlen(m->text);
	d->lib.easy_setopt(c, CURLOPT_USE_SSL,
	    (long)(m->plaintext ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (m->user != NULL) {
		d->lib.easy_setopt(c, CURLOPT_USERNAME, m->user);
		d->lib.easy_setopt(c, CURLOPT_PASSWORD, m->password);
	}
	if (list != NULL) {
		d->lib.easy_setopt(c, CURLOPT_MAIL_FROM, m->from);
		d->lib.easy_setopt(c, CURLOPT_MAIL_RCPT, list);
		d->lib.easy_setopt(c, CURLOPT_READFUNCTION, give_text);
		d->lib.easy_setopt(c, CURLOPT_READDATA, d);
		d->lib.easy_setopt(c, CURLOPT_UPLOAD, 1L);
		result = d->lib.easy_perform(c);
	}
	d->lib.slist_free_all(list);
	return judge_result(d, result, may_help, error);
}
