/*
 * Mail to a mail server, by libcurl: a thread of its own sends one message after another over a
 * connection that is kept. The server is the operator's choice, so that no guard stands before it.
 * Any thread submits.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/must.h"
#include "mail_int.h"

struct letter {
	struct letter *next;
	char *to;
	char *message;
	size_t len;
	size_t sent;
	mail_done *done;
	void *arg;
};

struct smtp {
	struct mailer mailer;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct letter *first, **last; /* under lock */
	atomic_bool stopping;
	CURL *easy; /* the thread's */
	char *url, *from, *user, *password, *ca_file;
	unsigned security;
	uint64_t timeout_ms;
	char error[CURL_ERROR_SIZE];
};

static void letter_free(struct letter *l)
{
	free(l->to);
	free(l->message);
	free(l);
}

/* --- one message --- */

static size_t on_read(char *to, size_t size, size_t count, void *arg)
{
	struct letter *l = arg;
	size_t left = l->len - l->sent, n = size * count;
	if (n > left)
		n = left;
	memcpy(to, l->message + l->sent, n);
	l->sent += n;
	return n;
}

static int on_progress(void *arg, curl_off_t a UNUSED, curl_off_t b UNUSED, curl_off_t c UNUSED,
		       curl_off_t d UNUSED)
{
	const struct smtp *s = arg;
	return s->stopping;
}

static bool set_how(struct smtp *s)
{
	CURL *e = s->easy;
	long use = s->security == MAIL_NONE ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL;
	return curl_easy_setopt(e, CURLOPT_URL, s->url) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_USE_SSL, use) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       (s->ca_file == NULL ||
		curl_easy_setopt(e, CURLOPT_CAINFO, s->ca_file) == CURLE_OK) &&
	       (s->user == NULL ||
		(curl_easy_setopt(e, CURLOPT_USERNAME, s->user) == CURLE_OK &&
		 curl_easy_setopt(e, CURLOPT_PASSWORD, s->password) == CURLE_OK)) &&
	       curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)s->timeout_ms) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_ERRORBUFFER, s->error) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_XFERINFODATA, s) == CURLE_OK;
}

static bool set_what(struct smtp *s, struct letter *l, struct curl_slist *to)
{
	CURL *e = s->easy;
	return to != NULL && curl_easy_setopt(e, CURLOPT_MAIL_FROM, s->from) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_READDATA, l) == CURLE_OK;
}

/* RFC 5321 section 4.2.1: 5yz is a no for good, but for signing in, which the operator can mend. */
static enum rc verdict(CURLcode code, long answer)
{
	if (code == CURLE_OK)
		return RC_OK;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return RC_TIMEOUT;
	if (answer >= 550 && answer < 560 && code != CURLE_LOGIN_DENIED)
		return RC_DENIED;
	return RC_UNREACHABLE;
}

static void deliver(struct smtp *s, struct letter *l)
{
	long answer = 0;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	s->error[0] = '\0';
	struct curl_slist *to = curl_slist_append(NULL, l->to);
	if (set_what(s, l, to))
		code = curl_easy_perform(s->easy);
	(void)!curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &answer);
	const char *why = s->error[0] != '\0' ? s->error : curl_easy_strerror(code);
	/* the handle keeps pointers into the list until it is told of another one */
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(to);
	mail_tell(l->done, l->arg, verdict(code, answer), answer > 0 ? (unsigned)answer : 0,
		  code == CURLE_OK ? STR("") : str_of(why));
}

/* --- the thread --- */

/* The next one; NULL when the mailer stops. */
static struct letter *take(struct smtp *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->first == NULL && !s->stopping)
		pthread_cond_wait(&s->changed, &s->lock);
	struct letter *l = s->stopping ? NULL : s->first;
	if (l != NULL) {
		s->first = l->next;
		if (s->first == NULL)
			s->last = &s->first;
	}
	pthread_mutex_unlock(&s->lock);
	return l;
}

static void *smtp_run(void *arg)
{
	struct smtp *s = arg;
	pthread_setname_np(pthread_self(), "mail");
	for (struct letter *l; (l = take(s)) != NULL;) {
		deliver(s, l);
		letter_free(l);
	}
	return NULL;
}

static struct letter *letter_new(struct str to, struct str message)
{
	struct letter *l = calloc(1, sizeof(*l));
	if (l == NULL)
		return NULL;
	if (mail_copy(&l->to, to) && mail_copy(&l->message, message) && l->to != NULL &&
	    l->message != NULL) {
		l->len = message.len;
		return l;
	}
	letter_free(l);
	return NULL;
}

static void smtp_submit(struct mailer *mailer, struct str to, struct str message, mail_done *done,
			void *arg)
{
	struct smtp *s = CONTAINER_OF(mailer, struct smtp, mailer);
	struct letter *l = letter_new(to, message);
	if (l == NULL) {
		mail_tell(done, arg, RC_NO_MEMORY, 0, STR("no memory for a message"));
		return;
	}
	l->done = done;
	l->arg = arg;
	pthread_mutex_lock(&s->lock);
	*s->last = l;
	s->last = &l->next;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static void smtp_destroy(struct smtp *s)
{
	if (s->easy != NULL)
		curl_easy_cleanup(s->easy);
	if (s->password != NULL)
		explicit_bzero(s->password, strlen(s->password));
	free(s->password);
	free(s->url);
	free(s->from);
	free(s->user);
	free(s->ca_file);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
	curl_global_cleanup();
}

static void smtp_free(struct mailer *mailer)
{
	struct smtp *s = CONTAINER_OF(mailer, struct smtp, mailer);
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	while (s->first != NULL) {
		struct letter *l = s->first;
		s->first = l->next;
		mail_tell(l->done, l->arg, RC_UNREACHABLE, 0, STR("the mailer is stopping"));
		letter_free(l);
	}
	smtp_destroy(s);
}

static const struct mailer_ops smtp_ops = { smtp_submit, smtp_free };

/* --- making it --- */

static enum rc password_read(struct err *err, struct smtp *s, struct str path)
{
	struct buf line = BUF_INIT(CONF_SECRET_MAX);
	enum rc rc = conf_read_secret(err, "password_file in [mail]", path, &line);
	if (rc == RC_OK && (s->password = strdup(line.ptr)) == NULL)
		rc = err_set(err, RC_NO_MEMORY, "no memory for e-mail");
	if (line.ptr != NULL)
		explicit_bzero(line.ptr, line.cap);
	buf_free(&line);
	return rc;
}

static bool is_host(struct str host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		bool word =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!word && (c == '\0' || strchr(".-:[]", c) == NULL))
			return false;
	}
	return host.len != 0;
}

/* The path of the URL is what we call ourselves in EHLO. */
static bool copy_settings(struct smtp *s, const struct mail_settings *from)
{
	struct str domain = str_skip(from->from, str_rindex(from->from, '@') + 1);
	struct buf url = BUF_INIT(2048);
	size_t len;
	buf_addf(&url, "%s://%.*s:%llu/%.*s", from->security == MAIL_TLS ? "smtps" : "smtp",
		 STR_ARG(from->host), (unsigned long long)from->port, STR_ARG(domain));
	s->url = buf_detach(&url, &len);
	s->security = from->security;
	s->timeout_ms = from->timeout_ms;
	return s->url != NULL && mail_copy(&s->from, from->from) &&
	       mail_copy(&s->user, from->user) && mail_copy(&s->ca_file, from->ca_file);
}

static int start_thread(struct smtp *s)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&s->thread, NULL, smtp_run, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

enum rc mail_smtp_new(struct err *err, const struct mail_settings *settings, struct mailer **out)
{
	enum rc rc = RC_OK;
	if (!is_host(settings->host) || settings->from.len == 0)
		return err_set(err, RC_INVALID, "e-mail needs a host and an address to come from");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, RC_NO_MEMORY, "libcurl does not start");
	struct smtp *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		curl_global_cleanup();
		return err_set(err, RC_NO_MEMORY, "no memory for e-mail");
	}
	must(pthread_mutex_init(&s->lock, NULL) == 0 && pthread_cond_init(&s->changed, NULL) == 0);
	s->mailer.ops = &smtp_ops;
	s->last = &s->first;
	s->easy = curl_easy_init();
	if (settings->user.len != 0)
		rc = password_read(err, s, settings->password_file);
	if (rc == RC_OK &&
	    (s->easy == NULL || !copy_settings(s, settings) || !set_how(s) || start_thread(s) != 0))
		rc = err_set(err, RC_NO_MEMORY, "the mailer cannot be set up");
	if (rc != RC_OK) {
		smtp_destroy(s);
		return rc;
	}
	*out = &s->mailer;
	return RC_OK;
}
