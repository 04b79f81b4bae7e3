/* Asking the rules of the sieve about a post. Inside transactions; reads only, but for
 * sift_record(). */
#include "core/must.h"
#include "core/utf8.h"
#include "sieve_int.h"
#include "sift_int.h"
#include "sift_job_int.h"
#include "store/usage.h"
#include "text/iri.h"

#define WORDS_LOOKED_AT WORDS_MAX
#define FLAGS_A_DAY 100 /* reports that one rule makes; then its posts are marked only */

struct asking {
	struct db_txn *txn;
	struct ctx ctx; /* of its own: what is wrong with a post is no failure */
	const struct site *site;
	const struct sift_post *post;
	struct sieve_facts facts;
	struct words words;
	bool has_words;
	struct str *mentioned; /* hosts of whom the post mentions, as sieve_sort() leaves them */
	size_t mentioned_count;
	uint64_t now_ms;
};

/* --- facts --- */

static uint64_t age(const struct asking *a, uint64_t since_ms)
{
	return a->now_ms > since_ms ? a->now_ms - since_ms : 0;
}

/* Since when its host is known here; nothing is older than what is of here. */
static uint64_t host_age(struct asking *a)
{
	struct peer peer;
	if (account_is_local(a->post->author))
		return a->now_ms;
	return peer_get(a->txn, a->ctx.arena, a->post->author->domain, &peer)
		       ? age(a, peer.first_seen_ms)
		       : 0;
}

static bool is_first(struct asking *a)
{
	struct status_entry one;
	return !a->post->edit &&
	       status_by_author(a->txn, a->post->author->id, a->post->status->id, 0, &one, 1) == 0;
}

static struct str folded(struct asking *a, struct str text)
{
	struct str out;
	return sieve_fold(&a->ctx, text, &out) == RC_OK ? out : STR("");
}

/* "de" of "de-CH". */
static struct str language(struct asking *a)
{
	struct str tag = a->post->status->language;
	return folded(a, str_take(tag, str_index(tag, '-')));
}

static struct str host_of(struct asking *a, struct str url)
{
	struct iri iri;
	return iri_parse(&a->ctx, url, IRI_HTTP | IRI_LITERAL, &iri) == RC_OK ? iri.authority
									      : STR_NONE;
}

/* Does a link that says so lead to whom the post mentions? Whoever calls any link a mention hides
 * nothing by it. */
static bool is_mention(const struct asking *a, struct str host)
{
	return sieve_sorted_has(a->mentioned, a->mentioned_count, host);
}

static void find_mentioned(struct asking *a)
{
	const struct status *s = a->post->status;
	a->mentioned = ARENA_ARRAY(a->ctx.arena, s->mention_count, struct str);
	for (unsigned i = 0; a->mentioned != NULL && i < s->mention_count; i++) {
		struct str host = host_of(a, s->mentions[i].uri);
		if (host.len != 0)
			a->mentioned[a->mentioned_count++] = host;
	}
	a->mentioned_count = sieve_sort(a->mentioned, a->mentioned_count);
}

static size_t count_links(struct str markup)
{
	const struct str begin = STR("<a ");
	size_t n = 0, at;
	for (; (at = str_find(markup, begin)) != markup.len; n++)
		markup = str_skip(markup, at + begin.len);
	return n;
}

static bool is_own(const struct asking *a, struct str host)
{
	const struct account *author = a->post->author;
	return str_eq(host, author->domain) || str_eq(host, a->site->host);
}

static void find_links(struct asking *a)
{
	struct sieve_facts *f = &a->facts;
	struct str rest = a->post->status->content.markup;
	struct html_link link;
	size_t most = count_links(rest);
	uint64_t links = 0;
	find_mentioned(a);
	f->hosts = ARENA_ARRAY(a->ctx.arena, most, struct str);
	while (f->hosts != NULL && links < most && html_link_next(&a->ctx, &rest, &link)) {
		struct str host = host_of(a, link.href);
		if (host.len == 0 || (link.mention && is_mention(a, host)) ||
		    (link.hashtag && is_own(a, host)))
			continue;
		links++;
		f->hosts[f->host_count++] = host;
	}
	f->host_count = sieve_sort_hosts(f->hosts, f->host_count);
	f->known |= UINT32_C(1) << SIEVE_FIELD_LINK | UINT32_C(1) << SIEVE_FIELD_LINKS;
	f->numbers[SIEVE_FIELD_LINKS] = links;
}

static void find_tags(struct asking *a)
{
	const struct status *s = a->post->status;
	struct sieve_facts *f = &a->facts;
	f->tags = ARENA_ARRAY(a->ctx.arena, s->tag_count, struct str);
	for (unsigned i = 0; f->tags != NULL && i < s->tag_count; i++)
		f->tag_count += text_tag_fold(&a->ctx, s->tags[i], &f->tags[f->tag_count]) == RC_OK;
	f->tag_count = sieve_sort(f->tags, f->tag_count);
}

static const struct words *words_of(struct asking *a)
{
	if (!a->has_words)
		sift_words(&a->ctx, a->post->status, &a->words);
	a->has_words = true;
	return &a->words;
}

static void find_words(struct asking *a)
{
	const struct words *words = words_of(a);
	struct buf text = BUF_INIT(HTML_OUTPUT_MAX * 2);
	buf_add_chr(&text, ' ');
	for (size_t i = 0; i < words->count; i++) {
		buf_add(&text, words->list[i]);
		buf_add_chr(&text, ' ');
	}
	a->facts.text = arena_take_buf(a->ctx.arena, &text);
	a->facts.word_count = sift_distinct(a->ctx.arena, words, &a->facts.words, WORDS_LOOKED_AT);
}

static uint64_t length(struct asking *a)
{
	struct str text;
	uint64_t n = 0;
	if (html_to_text(&a->ctx, a->post->status->content, &text) != RC_OK)
		return 0;
	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.ptr[i] & 0xc0U) != 0x80U;
	return n;
}

static uint64_t spam(struct asking *a)
{
	struct sift_evidence evidence[SIFT_EVIDENCE_MAX];
	unsigned count;
	uint8_t percent;
	sift_believe(a->txn, &a->ctx, a->post->status, &percent, evidence, &count);
	return percent;
}

/* --- which function fills which field --- */

static uint64_t account_age(struct asking *a)
{
	return age(a, db_id_ms(a->post->author->id));
}

static uint64_t account_followers(struct asking *a)
{
	return account_counts(a->txn, a->post->author->id).followers;
}

static uint64_t account_posts(struct asking *a)
{
	return account_counts(a->txn, a->post->author->id).statuses;
}

static uint64_t mentions(struct asking *a)
{
	return a->post->status->mention_count;
}

static uint64_t hashtags(struct asking *a)
{
	return a->post->status->tag_count;
}

static uint64_t attachments(struct asking *a)
{
	return a->post->status->attachment_count + (uint64_t)a->post->media;
}

static uint64_t similar(struct asking *a)
{
	return sift_likest(a->txn, a->ctx.arena, sift_print_words(words_of(a)),
			   day_of_ms(a->now_ms));
}

static bool is_local(struct asking *a)
{
	return account_is_local(a->post->author);
}

static bool is_remote(struct asking *a)
{
	return !account_is_local(a->post->author);
}

static bool is_reply(struct asking *a)
{
	const struct status *s = a->post->status;
	return s->parent_uri.len != 0 || (s->flags & STATUS_REPLY) != 0;
}

static bool is_sensitive(struct asking *a)
{
	return (a->post->status->flags & STATUS_SENSITIVE) != 0;
}

static bool is_edit(struct asking *a)
{
	return a->post->edit;
}

static struct str account_name(struct asking *a)
{
	return folded(a, a->post->author->username);
}

static struct str host(struct asking *a)
{
	const struct account *author = a->post->author;
	return account_is_local(author) ? a->site->domain : author->domain;
}

static struct str visibility(struct asking *a)
{
	return str_of(visibility_name(a->post->status->visibility));
}

/* One of the four. */
static const struct {
	bool (*flag)(struct asking *a);
	uint64_t (*number)(struct asking *a);
	struct str (*text)(struct asking *a);
	void (*fill)(struct asking *a); /* several fields, or lists */
} finders[SIEVE_FIELD_COUNT] = {
	[SIEVE_FIELD_LOCAL] = { .flag = is_local },
	[SIEVE_FIELD_REMOTE] = { .flag = is_remote },
	[SIEVE_FIELD_FIRST] = { .flag = is_first },
	[SIEVE_FIELD_REPLY] = { .flag = is_reply },
	[SIEVE_FIELD_SENSITIVE] = { .flag = is_sensitive },
	[SIEVE_FIELD_EDIT] = { .flag = is_edit },
	[SIEVE_FIELD_ACCOUNT_AGE] = { .number = account_age },
	[SIEVE_FIELD_ACCOUNT_FOLLOWERS] = { .number = account_followers },
	[SIEVE_FIELD_ACCOUNT_POSTS] = { .number = account_posts },
	[SIEVE_FIELD_ACCOUNT_NAME] = { .text = account_name },
	[SIEVE_FIELD_HOST] = { .text = host },
	[SIEVE_FIELD_HOST_AGE] = { .number = host_age },
	[SIEVE_FIELD_VISIBILITY] = { .text = visibility },
	[SIEVE_FIELD_LANGUAGE] = { .text = language },
	[SIEVE_FIELD_MENTIONS] = { .number = mentions },
	[SIEVE_FIELD_LINKS] = { .fill = find_links },
	[SIEVE_FIELD_HASHTAGS] = { .number = hashtags },
	[SIEVE_FIELD_ATTACHMENTS] = { .number = attachments },
	[SIEVE_FIELD_LENGTH] = { .number = length },
	[SIEVE_FIELD_LINK] = { .fill = find_links },
	[SIEVE_FIELD_HASHTAG] = { .fill = find_tags },
	[SIEVE_FIELD_WORD] = { .fill = find_words },
	[SIEVE_FIELD_SIMILAR] = { .number = similar },
	[SIEVE_FIELD_SPAM] = { .number = spam },
};

static void find(struct sieve_facts *facts, enum sieve_field field, void *arg)
{
	struct asking *a = arg;
	if (finders[field].flag != NULL)
		facts->flags[field] = finders[field].flag(a);
	else if (finders[field].number != NULL)
		facts->numbers[field] = finders[field].number(a);
	else if (finders[field].text != NULL)
		facts->texts[field] = finders[field].text(a);
	else
		finders[field].fill(a);
}

static void asking_init(struct asking *a, struct db_txn *txn, struct ctx *ctx,
			const struct site *site, const struct sift_post *post)
{
	*a = (struct asking){ .txn = txn,
			      .ctx = { .arena = ctx->arena },
			      .site = site,
			      .post = post,
			      .now_ms = db_txn_now(txn) };
	a->facts.find = find;
	a->facts.arg = a;
	a->facts.text = STR("");
}

/* --- asking --- */

struct judging {
	struct asking *asking;
	struct sift_verdict *out;
};

static bool is_known(const struct asking *a, enum sieve_field field)
{
	return (a->facts.known & UINT32_C(1) << field) != 0;
}

/* Nothing is allocated before a rule fits: most posts fit none. */
static bool judge(void *arg, const struct sieve_row *row)
{
	struct judging *j = arg;
	struct sift_verdict *v = j->out;
	struct arena *arena = j->asking->ctx.arena;
	struct sieve_facts *f = &j->asking->facts;
	/* each rule has the whole of what is left */
	bool fits = sieve_run(row->program, f);
	if (!fits && !f->exhausted)
		return true;
	if (v->fits == NULL)
		v->fits = ARENA_ARRAY(arena, SIEVE_ROWS_MAX, struct sift_fit);
	if (v->fits == NULL || v->fit_count == SIEVE_ROWS_MAX)
		return false;
	v->fits[v->fit_count++] = (struct sift_fit){ .rule = row->id,
						     .mode = row->mode,
						     .action = (enum sieve_action)row->action,
						     .label = arena_str(arena, row->label),
						     .exhausted = !fits };
	if (fits && row->mode == SIEVE_LIVE && row->action > (uint8_t)v->action)
		v->action = (enum sieve_action)row->action;
	return !f->exhausted;
}

void sift_ask(struct db_txn *txn, struct ctx *ctx, const struct site *site,
	      const struct sift_post *post, struct sift_verdict *out)
{
	struct asking a;
	struct judging j = { &a, out };
	asking_init(&a, txn, ctx, site, post);
	*out = (struct sift_verdict){ .spam = SIEVE_UNASKED, .similar = SIEVE_UNASKED };
	sieve_row_each(txn, judge, &j);
	if (is_known(&a, SIEVE_FIELD_SPAM))
		out->spam = (uint8_t)a.facts.numbers[SIEVE_FIELD_SPAM];
	if (is_known(&a, SIEVE_FIELD_SIMILAR))
		out->similar = (uint8_t)a.facts.numbers[SIEVE_FIELD_SIMILAR];
}

bool sift_try(struct db_txn *txn, struct ctx *ctx, const struct site *site,
	      const struct sift_post *post, struct str program)
{
	struct asking a;
	asking_init(&a, txn, ctx, site, post);
	return sieve_run(program, &a.facts);
}

unsigned sift_flags(const struct sift_verdict *verdict)
{
	switch (verdict->action) {
	case SIEVE_HOLD:
		return STATUS_HELD;
	case SIEVE_LIMIT:
		return STATUS_LIMITED;
	case SIEVE_TAG:
	case SIEVE_FLAG:
	case SIEVE_REJECT:
		break;
	}
	return 0;
}

/* --- recording --- */

static bool has_fitted(const struct sift_fit *fit)
{
	return fit->mode == SIEVE_LIVE && !fit->exhausted;
}

static void count(struct social *s, const struct sift_fit *fit)
{
	const struct sieve_count more = { .day = day_of_ms(db_txn_now(s->txn)),
					  .live = has_fitted(fit),
					  .shadow = fit->mode == SIEVE_SHADOW && !fit->exhausted,
					  .exhausted = fit->exhausted };
	sieve_count_add(s->txn, fit->rule, &more);
}

static bool has_room(struct social *s, uint64_t rule)
{
	struct sieve_count today = { 0 };
	sieve_count_list(s->txn, rule, day_of_ms(db_txn_now(s->txn)), &today, 1);
	return today.live <= FLAGS_A_DAY;
}

/* In the node's own name; peers hear nothing of it. */
static void report(struct social *s, const struct sift_post *post, const struct sift_fit *fit)
{
	struct account instance;
	struct str uri = post->status->uri;
	const struct report what = { .comment = arena_printf(s->ctx->arena, "Rule %llu%s%.*s",
							     (unsigned long long)fit->rule,
							     fit->label.len != 0 ? ": " : "",
							     STR_ARG(fit->label)),
				     .uri = STR(""),
				     .objects = &uri,
				     .object_count = 1,
				     .category = REPORT_SPAM };
	if (!has_room(s, fit->rule) ||
	    !account_find_uri(s->txn, s->ctx->arena, site_instance_uri(s->ctx->arena, s->site),
			      &instance))
		return;
	/* what fails here fails the transaction */
	(void)!report_file(s, &instance, post->author, &what, NULL);
}

static void mark_add(struct sieve_mark *mark, const struct sift_fit *fit)
{
	for (unsigned i = 0; i < mark->hit_count; i++) {
		if (mark->hits[i].rule == fit->rule)
			return;
	}
	if (mark->hit_count < SIEVE_HITS_MAX)
		mark->hits[mark->hit_count++] =
			(struct sieve_hit){ fit->rule, (uint8_t)fit->action, fit->label };
}

/* Later than it was before, whatever the clock says. */
static void touch(struct social *s, struct sieve_mark *m)
{
	uint64_t now_ms = db_txn_now(s->txn);
	m->changed_ms = now_ms > m->changed_ms ? now_ms : m->changed_ms + 1;
}

void sift_touch(struct social *s, uint64_t status)
{
	struct sieve_mark m;
	if (!sieve_mark_get(s->txn, s->ctx->arena, status, &m) || m.state != SIEVE_WAITING)
		return;
	touch(s, &m);
	sieve_mark_put(s->txn, &m);
}

static void mark(struct social *s, const struct sift_post *post, const struct sift_verdict *v)
{
	struct sieve_mark m;
	bool marked = sieve_mark_get(s->txn, s->ctx->arena, post->status->id, &m);
	bool held = (post->status->flags & STATUS_HELD) != 0;
	unsigned before = m.hit_count;
	for (unsigned i = 0; i < v->fit_count; i++) {
		if (has_fitted(&v->fits[i]))
			mark_add(&m, &v->fits[i]);
	}
	if (m.hit_count == before && !(held && m.state != SIEVE_WAITING))
		return;
	/* one that waits, or was hidden with a wave, does so whatever its author makes of it */
	bool waits_anew = held && m.state != SIEVE_WAITING && m.state != SIEVE_ROLLED;
	if (waits_anew) {
		m.state = SIEVE_WAITING;
		m.edited = post->edit;
		touch(s, &m);
	}
	/* an edit puts nothing off that is to come of what waits */
	if (!marked || waits_anew)
		m.at_ms = db_txn_now(s->txn);
	m.spam = v->spam;
	m.similar = v->similar;
	/* somebody has to look after the first one */
	if (m.state == SIEVE_WAITING && !sieve_holds_any(s->txn))
		sift_job_add(s, SIFT_JOB_HELD, 0, db_txn_now(s->txn) + SIFT_HELD_EVERY_MS);
	sieve_mark_put(s->txn, &m);
}

void sift_record(struct social *s, const struct sift_post *post, const struct sift_verdict *v)
{
	bool stored = post->status->id != 0 && v->action != SIEVE_REJECT;
	if (stored && post->edit)
		sift_touch(s, post->status->id);
	for (unsigned i = 0; i < v->fit_count; i++) {
		const struct sift_fit *fit = &v->fits[i];
		count(s, fit);
		if (!stored || fit->exhausted)
			continue;
		sieve_fit_add(s->txn, fit->rule, post->status->id);
		if (fit->mode == SIEVE_LIVE && fit->action == SIEVE_FLAG)
			report(s, post, fit);
	}
	if (stored && v->fit_count != 0)
		mark(s, post, v);
}
