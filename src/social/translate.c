/*
 * Translations: asked of the service once, however many wait for the same; remembered by what they are of,
 * so that an edited post is another one. Called by listener threads and by the fetch client's.
 */
#include "social/translate.h"

#include <stdlib.h>

#include "db/rec.h"
#include "translate_int.h"

#define AUTO STR("auto")
#define LANGUAGES_KEEP_MS MS_PER_DAY
#define LANGUAGES_RETRY_MS (30 * MS_PER_SECOND)
#define LANGUAGES_BYTES_MAX ((size_t)1 << 20)

/* Who waits for the languages. */
struct asker {
	void (*go)(struct translator *t, void *arg, enum rc rc);
	void *arg;
	struct asker *next;
};

/* Who waits for a translation. */
struct waiter {
	translate_done *done;
	void *arg;
	struct waiter *next;
};

/* One post on its way into one language; its arena is its life. */
struct translating {
	struct translator *translator;
	struct ctx ctx;
	struct texts texts;
	struct str asked_source, asked_target; /* tags */
	struct str source, target;	       /* in the service's words */
	struct digest key;
	struct waiter *waiters;
	struct fetch_body *body;
	struct translating *next; /* underway */
};

static struct translator *translator_check(struct translator *t)
{
	MAGIC_CHECK(t, TRANSLATOR_MAGIC);
	return t;
}

static struct str url_of(const struct translator *t, struct arena *arena, const char *path)
{
	struct str base = t->parts.settings->url;
	while (str_has_suffix(base, STR("/")))
		base.len--;
	return arena_printf(arena, "%.*s/%s", STR_ARG(base), path);
}

static enum rc failure_of(const struct fetch_result *result)
{
	if (result->rc != RC_OK)
		return result->rc == RC_TIMEOUT || result->rc == RC_NO_MEMORY ? result->rc
									      : RC_UNREACHABLE;
	/* what it says of our keys and limits is no business of who asked */
	if (result->status == 429)
		return RC_BUSY;
	return result->status == 200 ? RC_OK : RC_UNREACHABLE;
}

/* --- languages --- */

static void languages_came(void *arg, const struct fetch_result *result)
{
	struct translator *t = translator_check(arg);
	struct languages fresh = { .arena = NULL };
	enum rc rc = failure_of(result);
	if (rc == RC_OK && service_read_languages(result->body, &fresh) != RC_OK)
		rc = RC_UNREACHABLE;
	pthread_mutex_lock(&t->lock);
	uint64_t now = clock_steady_ms(t->parts.clock);
	if (rc == RC_OK) {
		struct arena *old = t->languages.arena;
		arena_free(&old);
		t->languages = fresh;
	}
	t->languages_until_ms = now + (rc == RC_OK ? LANGUAGES_KEEP_MS : LANGUAGES_RETRY_MS);
	t->languages_asked = false;
	struct asker *askers = t->askers;
	t->askers = NULL;
	/* what was known is better than nothing */
	if (t->languages.arena != NULL)
		rc = RC_OK;
	pthread_mutex_unlock(&t->lock);
	while (askers != NULL) {
		struct asker *a = askers;
		askers = a->next;
		a->go(t, a->arg, rc);
		free(a);
	}
}

static void languages_ask(struct translator *t)
{
	static const struct fetch_header accept = { STR_INIT("Accept"),
						    STR_INIT("application/json") };
	struct arena *arena = arena_new(TRANSLATE_ARENA_MAX);
	must(arena != NULL);
	const struct fetch_request request = { .method = STR("GET"),
					       .url = url_of(t, arena, "languages"),
					       .headers = &accept,
					       .header_count = 1,
					       .trusted = true,
					       .bytes_max = LANGUAGES_BYTES_MAX,
					       .timeout_ms = t->parts.settings->timeout_ms,
					       .done = languages_came,
					       .arg = t };
	fetch_submit(t->parts.fetch, &request);
	arena_free(&arena);
}

/* Goes on when the languages are known, or known not to be had. */
static void with_languages(struct translator *t,
			   void (*go)(struct translator *t, void *arg, enum rc rc), void *arg)
{
	struct asker *a = malloc(sizeof(*a));
	must(a != NULL);
	*a = (struct asker){ .go = go, .arg = arg };
	pthread_mutex_lock(&t->lock);
	bool known = t->languages.arena != NULL;
	bool fresh = clock_steady_ms(t->parts.clock) < t->languages_until_ms;
	bool ask = !fresh && !t->languages_asked;
	if (!fresh) {
		a->next = t->askers;
		t->askers = a;
		t->languages_asked = true;
	}
	pthread_mutex_unlock(&t->lock);
	if (ask)
		languages_ask(t);
	if (!fresh)
		return;
	free(a);
	go(t, arg, known ? RC_OK : RC_UNREACHABLE);
}

struct listing {
	translate_languages_done *done;
	void *arg;
};

static enum rc copy_pairs(const struct languages *l, struct arena *arena,
			  struct translation_pair **out)
{
	*out = ARENA_ARRAY(arena, l->count, struct translation_pair);
	for (size_t i = 0; *out != NULL && i < l->count; i++) {
		const struct translation_pair *from = &l->pairs[i];
		struct translation_pair *to = &(*out)[i];
		to->source = arena_str(arena, from->source);
		to->targets = ARENA_ARRAY(arena, from->target_count, struct str);
		for (size_t k = 0; to->targets != NULL && k < from->target_count; k++)
			to->targets[to->target_count++] = arena_str(arena, from->targets[k]);
	}
	return arena_failed(arena) ? RC_NO_MEMORY : RC_OK;
}

static void list(struct translator *t, void *arg, enum rc rc)
{
	struct listing *l = arg;
	struct translation_pair *pairs = NULL;
	struct arena *arena = arena_new(TRANSLATE_ARENA_MAX);
	size_t count = 0;
	must(arena != NULL);
	if (rc == RC_OK) {
		pthread_mutex_lock(&t->lock);
		count = t->languages.count;
		rc = copy_pairs(&t->languages, arena, &pairs);
		pthread_mutex_unlock(&t->lock);
	}
	l->done(l->arg, rc, rc == RC_OK ? pairs : NULL, rc == RC_OK ? count : 0);
	arena_free(&arena);
	free(l);
}

void translate_languages(struct translator *t, translate_languages_done *done, void *arg)
{
	struct listing *l = malloc(sizeof(*l));
	must(l != NULL);
	*l = (struct listing){ done, arg };
	with_languages(translator_check(t), list, l);
}

/* --- the end of one --- */

static void release(struct translating *g)
{
	struct arena *arena = g->ctx.arena;
	fetch_body_unref(&g->body);
	arena_free(&arena);
}

/* Nobody joins it any more. */
static struct waiter *take_waiters(struct translating *g)
{
	struct translator *t = g->translator;
	pthread_mutex_lock(&t->lock);
	for (struct translating **at = &t->underway; *at != NULL; at = &(*at)->next) {
		if (*at == g) {
			*at = g->next;
			t->underway_count--;
			break;
		}
	}
	struct waiter *waiters = g->waiters;
	for (struct waiter *w = waiters; w != NULL; w = w->next)
		t->waiting_count--;
	g->waiters = NULL;
	pthread_mutex_unlock(&t->lock);
	return waiters;
}

static void finish(struct translating *g, enum rc rc, const struct translation *translation)
{
	struct waiter *waiters = take_waiters(g);
	while (waiters != NULL) {
		struct waiter *w = waiters;
		waiters = w->next;
		w->done(w->arg, rc, translation);
		free(w);
	}
	release(g);
}

/* --- what was said --- */

static void pack(struct buf *out, const struct texts *t, struct str source)
{
	rec_add_str(out, source);
	for (size_t i = 0; i < texts_count(t); i++)
		rec_add_str(out, t->list[i]);
}

static bool unpack(struct arena *arena, const struct answer *a, struct texts *t, struct str *source)
{
	struct rec r = rec_open(str_n(a->bytes, a->len));
	*source = arena_str(arena, rec_str(&r));
	for (size_t i = 0; i < texts_count(t); i++)
		t->list[i] = arena_str(arena, rec_str(&r));
	return rec_ok(&r);
}

/* texts has what the service said. */
static void show(struct translating *g, struct str source)
{
	struct translation out = { .source = source,
				   .target = g->target,
				   .provider = g->translator->parts.settings->name };
	enum rc rc = texts_take(&g->ctx, &g->texts, &out);
	if (rc == RC_OK && arena_failed(g->ctx.arena))
		rc = RC_NO_MEMORY;
	if (rc == RC_INVALID)
		rc = RC_UNREACHABLE;
	finish(g, rc, rc == RC_OK ? &out : NULL);
}

static void keep(struct translating *g, struct str source)
{
	struct translator *t = g->translator;
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(2 * TRANSLATE_ANSWER_MAX);
	pack(&bytes, &g->texts, source);
	if (bytes.failed)
		return;
	pthread_mutex_lock(&t->lock);
	answers_put(&t->answers, &g->key, buf_str(&bytes));
	pthread_mutex_unlock(&t->lock);
}

/* Only texts that say something were sent. */
static size_t said(const struct texts *t, struct str out[TRANSLATE_TEXTS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < texts_count(t); i++) {
		if (t->list[i].len != 0)
			out[n++] = t->list[i];
	}
	return n;
}

static void put_back(struct texts *t, const struct str *from)
{
	for (size_t i = 0; i < texts_count(t); i++) {
		if (t->list[i].len != 0)
			t->list[i] = *from++;
	}
}

static void answered(void *arg, const struct fetch_result *result)
{
	struct translating *g = arg;
	struct str texts[TRANSLATE_TEXTS_MAX], source = STR_NONE;
	size_t count = said(&g->texts, texts);
	enum rc rc = failure_of(result);
	if (rc == RC_OK &&
	    service_read_answer(&g->ctx, result->body, count, texts, &source) != RC_OK)
		rc = arena_failed(g->ctx.arena) ? RC_NO_MEMORY : RC_UNREACHABLE;
	if (rc != RC_OK) {
		finish(g, rc, NULL);
		return;
	}
	if (source.len == 0)
		source = str_eq(g->source, AUTO) ? STR("und") : g->source;
	put_back(&g->texts, texts);
	keep(g, source);
	show(g, source);
}

/* --- asking --- */

static void submit(struct translating *g)
{
	static const struct fetch_header headers[] = {
		{ STR_INIT("Content-Type"), STR_INIT("application/json") },
		{ STR_INIT("Accept"), STR_INIT("application/json") }
	};
	struct translator *t = g->translator;
	struct buf body = BUF_INIT(2 * TRANSLATE_ANSWER_MAX);
	struct str texts[TRANSLATE_TEXTS_MAX];
	const struct service_question question = { .source = g->source,
						   .target = g->target,
						   .key = buf_str(&t->key),
						   .texts = texts,
						   .count = said(&g->texts, texts) };
	service_add_question(&body, &question);
	g->body = body.failed ? NULL : fetch_body_new(buf_str(&body));
	if (body.ptr != NULL)
		explicit_bzero(body.ptr, body.len);
	buf_free(&body);
	if (g->body == NULL) {
		finish(g, RC_NO_MEMORY, NULL);
		return;
	}
	const struct fetch_request request = { .method = STR("POST"),
					       .url = url_of(t, g->ctx.arena, "translate"),
					       .headers = headers,
					       .header_count = ARRAY_LEN(headers),
					       .body = g->body,
					       .trusted = true,
					       .bytes_max = TRANSLATE_ANSWER_MAX,
					       .timeout_ms = t->parts.settings->timeout_ms,
					       .done = answered,
					       .arg = g };
	fetch_submit(t->parts.fetch, &request);
}

/* The service's words for both languages. With the lock. */
static enum rc choose(struct translating *g)
{
	const struct languages *l = &g->translator->languages;
	struct arena *arena = g->ctx.arena;
	struct str source = service_language(l, g->asked_source);
	g->source = source.len != 0 ? arena_str(arena, source) : AUTO;
	g->target = arena_str(arena, service_language(l, g->asked_target));
	if (g->target.len == 0)
		return RC_UNSUPPORTED;
	if (str_eq(g->source, g->target))
		return RC_DENIED;
	return service_translates(l, g->source, g->target) ? RC_OK : RC_UNSUPPORTED;
}

/* The version of a post is what it says: whoever says the same is translated alike. */
static bool make_key(struct translating *g)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(2 * TRANSLATE_ANSWER_MAX);
	rec_add_str(&bytes, g->target);
	pack(&bytes, &g->texts, g->source);
	g->key = digest_sha256(buf_str(&bytes));
	return !bytes.failed;
}

enum step {
	STEP_FAIL,
	STEP_SHOW,   /* the answer is there */
	STEP_JOINED, /* somebody else has asked for the same */
	STEP_ASK,
};

static struct translating *find_same(struct translator *t, const struct digest *key)
{
	struct translating *g = t->underway;
	while (g != NULL && memcmp(g->key.bytes, key->bytes, DIGEST_SIZE) != 0)
		g = g->next;
	return g;
}

static void join(struct translating *g, struct translating *same)
{
	struct waiter **last = &same->waiters;
	while (*last != NULL)
		last = &(*last)->next;
	*last = g->waiters;
	g->waiters = NULL;
}

/* With the lock. */
static enum step next_step(struct translating *g, enum rc *rc, struct str *source)
{
	struct translator *t = g->translator;
	*rc = choose(g);
	if (*rc == RC_OK && !make_key(g))
		*rc = RC_NO_MEMORY;
	if (*rc != RC_OK)
		return STEP_FAIL;
	const struct answer *a = answers_get(&t->answers, &g->key);
	if (a != NULL && unpack(g->ctx.arena, a, &g->texts, source))
		return STEP_SHOW;
	struct translating *same = find_same(t, &g->key);
	if (same != NULL) {
		join(g, same);
		return STEP_JOINED;
	}
	if (t->underway_count == TRANSLATE_AT_ONCE) {
		*rc = RC_BUSY;
		return STEP_FAIL;
	}
	g->next = t->underway;
	t->underway = g;
	t->underway_count++;
	return STEP_ASK;
}

static void go(struct translator *t, void *arg, enum rc rc)
{
	struct translating *g = arg;
	struct str source = STR_NONE;
	enum step step = STEP_FAIL;
	pthread_mutex_lock(&t->lock);
	if (rc == RC_OK)
		step = next_step(g, &rc, &source);
	pthread_mutex_unlock(&t->lock);
	switch (step) {
	case STEP_FAIL:
		finish(g, rc, NULL);
		break;
	case STEP_SHOW:
		show(g, source);
		break;
	case STEP_JOINED:
		release(g);
		break;
	case STEP_ASK:
		submit(g);
		break;
	}
}

static struct translating *translating_new(struct translator *t)
{
	struct arena *arena = arena_new(TRANSLATE_ARENA_MAX);
	must(arena != NULL);
	struct translating *g = ARENA_NEW(arena, struct translating);
	must(g != NULL);
	g->translator = t;
	g->ctx.arena = arena;
	return g;
}

static bool wait_for_it(struct translating *g, translate_done *done, void *arg)
{
	struct translator *t = g->translator;
	struct waiter *w = malloc(sizeof(*w));
	must(w != NULL);
	*w = (struct waiter){ .done = done, .arg = arg };
	pthread_mutex_lock(&t->lock);
	bool room = t->waiting_count < TRANSLATE_WAITING_MAX;
	if (room) {
		t->waiting_count++;
		g->waiters = w;
	}
	pthread_mutex_unlock(&t->lock);
	if (!room)
		free(w);
	return room;
}

void translate(struct translator *translator, const struct translate_order *order,
	       translate_done *done, void *arg)
{
	struct translator *t = translator_check(translator);
	const struct status *s = order->status;
	struct translating *g = translating_new(t);
	/* what is for few is told to nobody else, and a boost says nothing itself */
	enum rc rc = visibility_is_open(s->visibility) && s->boost_of == 0 ? RC_OK : RC_DENIED;
	if (rc == RC_OK)
		rc = texts_of(&g->ctx, order, &g->texts);
	g->asked_source = arena_join(g->ctx.arena, s->language, STR(""));
	g->asked_target = arena_join(g->ctx.arena, order->target, STR(""));
	if (rc == RC_OK && !wait_for_it(g, done, arg))
		rc = RC_BUSY;
	if (rc == RC_OK) {
		with_languages(t, go, g);
		return;
	}
	release(g);
	done(arg, rc, NULL);
}

/* --- its life --- */

enum rc translator_new(struct err *err, const struct translator_parts *parts,
		       struct translator **out)
{
	const struct translation_settings *settings = parts->settings;
	*out = NULL;
	if (settings->url.len == 0)
		return RC_OK;
	struct translator *t = calloc(1, sizeof(*t));
	if (t == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	t->magic = TRANSLATOR_MAGIC;
	t->parts = *parts;
	buf_init(&t->key, CONF_SECRET_MAX);
	must(pthread_mutex_init(&t->lock, NULL) == 0);
	enum rc rc = settings->key_file.len != 0
			     ? conf_read_secret(err, "key_file in [translation]",
						settings->key_file, &t->key)
			     : RC_OK;
	if (rc == RC_OK)
		*out = t;
	else
		translator_free(&t);
	return rc;
}

void translator_free(struct translator **translator)
{
	struct translator *t = *translator;
	*translator = NULL;
	if (t == NULL)
		return;
	must(t->underway == NULL && t->askers == NULL);
	answers_free(&t->answers);
	arena_free(&t->languages.arena);
	if (t->key.ptr != NULL)
		explicit_bzero(t->key.ptr, t->key.cap);
	buf_free(&t->key);
	pthread_mutex_destroy(&t->lock);
	t->magic = 0;
	free(t);
}

/* --- settings --- */

static enum rc check_url(struct err *err, struct str value)
{
	bool web = str_has_prefix(value, STR("https://")) || str_has_prefix(value, STR("http://"));
	struct str authority = str_skip(value, str_find(value, STR("://")) + 3);
	if (value.len == 0 || (web && authority.len != 0 && authority.ptr[0] != '/'))
		return RC_OK;
	return err_set(err, RC_INVALID, "an address, such as https://translate.example.org");
}

#define ROW(row_name, member) \
	.name = row_name, .offset = offsetof(struct translation_settings, member)

const struct conf_row translation_conf_rows[] = {
	{ ROW("url", url), .type = CONF_STR, .fallback = "", .max = 500, .check = check_url,
	  .help = "The address of a service that speaks LibreTranslate's protocol; without, "
		  "nothing "
		  "is translated. Only posts that everybody may read are sent there." },
	{ ROW("key_file", key_file), .type = CONF_PATH, .fallback = "", .max = 1000,
	  .help = "The file of the key that it wants; nobody else may read it." },
	{ ROW("name", name), .type = CONF_STR, .fallback = "LibreTranslate", .min = 1, .max = 100,
	  .help = "What people are told that it is called." },
	{ ROW("timeout", timeout_ms), .type = CONF_DURATION, .fallback = "20 s",
	  .min = MS_PER_SECOND, .max = 5 * MS_PER_MINUTE,
	  .help = "How long one translation may take." },
};
const size_t translation_conf_row_count = ARRAY_LEN(translation_conf_rows);
