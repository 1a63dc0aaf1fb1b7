/* SPDX-License-Identifier: ISC */
/*
 * deliver - libcurl's easy interface, one handle, so that a connection is kept
 * from one event to the next.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/notify/deliver.h"

enum { ANSWER_MAX = 1 << 16 };

struct deliver {
	CURL *curl;
	char trouble[CURL_ERROR_SIZE];
	size_t answered;  /* bytes of the answer, which is of no interest */
	const char *text; /* of a mail, as far as it is still to be sent */
	size_t left;
};

struct deliver *
deliver_new(void)
{
	struct deliver *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
		free(d);
		return NULL;
	}
	d->curl = curl_easy_init();
	if (d->curl != NULL)
		return d;
	deliver_free(d);
	return NULL;
}

void
deliver_free(struct deliver *d)
{
	if (d == NULL)
		return;
	if (d->curl != NULL)
		curl_easy_cleanup(d->curl);
	curl_global_cleanup();
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

	curl_easy_reset(c);
	d->answered = 0;
	d->trouble[0] = '\0';
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)DELIVER_CONNECT_S);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)DELIVER_S);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, d->trouble);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop_answer);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, d);
	if (ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, ca_file);
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
	    d->trouble[0] != '\0' ? d->trouble : curl_easy_strerror(result));
	error[strcspn(error, "\r\n")] = '\0';
	return false;
}

static struct curl_slist *
make_list(const char *const *texts, size_t n)
{
	struct curl_slist *list = NULL, *grown;

	for (size_t i = 0; i < n; i++) {
		grown = curl_slist_append(list, texts[i]);
		if (grown == NULL) {
			curl_slist_free_all(list);
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
	struct curl_slist *list = make_list(headers, count(headers));
	CURLcode result = CURLE_OUT_OF_MEMORY;
	long status = 0;

	curl_easy_setopt(c, CURLOPT_USERAGENT, "gantry/" GANTRY_VERSION);
	if (list != NULL) {
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
		result = curl_easy_perform(c);
	}
	curl_slist_free_all(list);
	if (!judge_result(d, result, may_help, error))
		return false;
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
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
	struct curl_slist *list = make_list(m->to, m->to_len);
	CURLcode result = CURLE_OUT_OF_MEMORY;

	d->text = m->text;
	d->left = strlen(m->text);
	curl_easy_setopt(c, CURLOPT_USE_SSL,
	    (long)(m->plaintext ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (m->user != NULL) {
		curl_easy_setopt(c, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, m->password);
	}
	if (list != NULL) {
		curl_easy_setopt(c, CURLOPT_MAIL_FROM, m->from);
		curl_easy_setopt(c, CURLOPT_MAIL_RCPT, list);
		curl_easy_setopt(c, CURLOPT_READFUNCTION, give_text);
		curl_easy_setopt(c, CURLOPT_READDATA, d);
		curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
		result = curl_easy_perform(c);
	}
	curl_slist_free_all(list);
	return judge_result(d, result, may_help, error);
}
