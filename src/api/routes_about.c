/* What the node says of itself beyond its configuration: hosts, activity, rules, texts. */
#include "discover_int.h"

#include <stdio.h>

#include "core/date.h"
#include "core/enc.h"
#include "crypt/digest.h"
#include "languages_int.h"
#include "store/node.h"
#include "store/peer.h"
#include "store/usage.h"
#include "text/html.h"

#define WEEKS 12
#define PEERS_CHUNK 200
#define PEERS_MAX 50000

/* Ends a reading handler. */
static void finish(struct call *call, struct db_txn **txn)
{
	enum rc rc = db_txn_rc(*txn);
	db_read_end(txn);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

static bool begin(struct call *call, struct db_txn **txn)
{
	enum rc rc = call_read(call, txn);
	if (rc != RC_OK)
		reply_rc(call, rc);
	return rc == RC_OK;
}

/* --- hosts --- */

/* A chunk's rows live in an arena of its own. */
static size_t peers_chunk(struct db_txn *txn, struct arena *arena, struct jw *w,
			  char after[DB_KEY_MAX], size_t *after_len)
{
	struct peer *peers = ARENA_ARRAY(arena, PEERS_CHUNK, struct peer);
	size_t n = peers != NULL
			   ? peer_list(txn, arena, str_n(after, *after_len), peers, PEERS_CHUNK)
			   : 0;
	for (size_t i = 0; i < n; i++) {
		if (peers[i].policy != PEER_BLOCKED)
			jw_str(w, peers[i].host);
		*after_len = peers[i].host.len;
		memcpy(after, peers[i].host.ptr, *after_len);
	}
	arena_reset(arena);
	return n;
}

static void get_peers(struct call *call)
{
	struct arena *arena = arena_new((size_t)8 << 20);
	char after[DB_KEY_MAX];
	size_t after_len = 0, n = PEERS_CHUNK;
	struct db_txn *txn;
	if (arena == NULL || !begin(call, &txn)) {
		arena_free(&arena);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t seen = 0; n == PEERS_CHUNK && seen < PEERS_MAX; seen += n)
		n = peers_chunk(txn, arena, w, after, &after_len);
	jw_end(w);
	arena_free(&arena);
	finish(call, &txn);
}

/* "soc***.exa****": enough for who knows it already. */
static void add_obscured(struct buf *out, struct str host)
{
	for (size_t i = 0; i < host.len; i++) {
		bool shown = i < host.len / 4 || i + host.len / 4 >= host.len;
		buf_add_chr(out, shown || host.ptr[i] == '.' ? host.ptr[i] : '*');
	}
}

static void member_digest(struct jw *w, struct str host)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	struct digest digest = digest_sha256(host);
	enc_hex(&hex, str_n(digest.bytes, sizeof(digest.bytes)));
	jw_member_str(w, "digest", buf_str(&hex));
}

static void render_block(struct jw *w, const struct peer *peer)
{
	struct buf host CLEANUP(buf_free) = BUF_INIT(DB_KEY_MAX + 1);
	if ((peer->flags & PEER_OBFUSCATE) != 0)
		add_obscured(&host, peer->host);
	else
		buf_add(&host, peer->host);
	jw_object(w);
	jw_member_str(w, "domain", buf_str(&host));
	member_digest(w, peer->host);
	jw_member_str(w, "severity",
		      peer->policy == PEER_BLOCKED ? STR("suspend") : STR("silence"));
	jw_member_nullable(w, "comment", peer->public_note);
	jw_end(w);
}

#define BLOCKS_MAX 5000

static void get_domain_blocks(struct call *call)
{
	struct peer *peers = ARENA_ARRAY(call->ctx->arena, BLOCKS_MAX, struct peer);
	struct db_txn *txn;
	if (peers == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!begin(call, &txn))
		return;
	size_t n = peer_decisions(txn, call->ctx->arena, 0, 0, peers, BLOCKS_MAX);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		if (peers[i].policy == PEER_BLOCKED || peers[i].policy == PEER_LIMITED)
			render_block(w, &peers[i]);
	}
	jw_end(w);
	finish(call, &txn);
}

/* --- activity --- */

static void member_number(struct jw *w, const char *name, uint64_t n)
{
	char text[24];
	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	jw_member_str(w, name, str_of(text));
}

static void get_activity(struct call *call)
{
	uint64_t now_ms = clock_wall_ms(call->api->parts.clock);
	struct db_txn *txn;
	if (!begin(call, &txn))
		return;
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (uint32_t i = 0; i < WEEKS; i++) {
		uint32_t first = period_of_ms(PERIOD_WEEK, now_ms) - 7 * i;
		jw_object(w);
		member_number(w, "week", period_start_ms(PERIOD_WEEK, first) / MS_PER_SECOND);
		member_number(w, "statuses", measure_sum(txn, MEASURE_STATUSES, first, first + 6));
		member_number(w, "logins", presence_count(txn, PERIOD_WEEK, first));
		member_number(w, "registrations",
			      measure_sum(txn, MEASURE_REGISTRATIONS, first, first + 6));
		jw_end(w);
	}
	jw_end(w);
	finish(call, &txn);
}

/* --- rules and texts --- */

static void get_rules(struct call *call)
{
	struct rule *rules = ARENA_ARRAY(call->ctx->arena, RULES_MAX, struct rule);
	struct db_txn *txn;
	if (rules == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!begin(call, &txn))
		return;
	size_t n = rule_list(txn, call->ctx->arena, rules);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_rule(w, &rules[i]);
	jw_end(w);
	finish(call, &txn);
}

/* --- texts --- */

static enum rc read_document(struct call *call, enum document_kind kind, struct document *out)
{
	struct db_txn *txn = NULL;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = document_get(txn, call->ctx->arena, kind, 0, out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && !found ? RC_NOT_FOUND : rc;
}

static void reply_text(struct call *call, uint64_t updated_ms, struct html html)
{
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_date(w, "updated_at", updated_ms);
	jw_member_str(w, "content", html.markup);
	jw_end(w);
	reply_end(call, 200);
}

static void get_document(struct call *call, enum document_kind kind)
{
	struct document document;
	struct html html = { STR("") };
	enum rc rc = read_document(call, kind, &document);
	if (rc == RC_OK)
		rc = text_markdown(call->ctx, document.text, &html);
	if (rc == RC_OK)
		reply_text(call, document.updated_ms, html);
	else
		reply_rc(call, rc);
}

static void get_privacy_policy(struct call *call)
{
	get_document(call, DOCUMENT_PRIVACY);
}

/* Without a text of its own it is what the settings say. */
static void get_extended_description(struct call *call)
{
	struct node_record node = { .created_ms = 0 };
	struct document document;
	struct html html = { STR("") };
	struct db_txn *txn;
	if (read_document(call, DOCUMENT_ABOUT, &document) == RC_OK) {
		get_document(call, DOCUMENT_ABOUT);
		return;
	}
	if (!begin(call, &txn))
		return;
	node_get(txn, call->ctx->arena, &node);
	db_read_end(&txn);
	enum rc rc = text_plain(call->ctx, call->api->parts.site->description, &html);
	if (rc == RC_OK)
		reply_text(call, node.created_ms, html);
	else
		reply_rc(call, rc);
}

/* --- terms of service, with the days from which they hold --- */

static void reply_terms(struct call *call, const struct document *terms,
			const struct document *next)
{
	struct html html = { STR("") };
	enum rc rc = text_markdown(call->ctx, terms->text, &html);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_day(w, "effective_date", terms->from_ms);
	jw_member_bool(w, "effective", terms->from_ms <= clock_wall_ms(call->api->parts.clock));
	jw_member_str(w, "content", html.markup);
	jw_member_day(w, "succeeded_by", next != NULL ? next->from_ms : 0);
	jw_end(w);
	reply_end(call, 200);
}

static size_t read_terms(struct call *call, struct document **out)
{
	struct db_txn *txn;
	*out = ARENA_ARRAY(call->ctx->arena, DOCUMENTS_MAX, struct document);
	if (*out == NULL || call_read(call, &txn) != RC_OK)
		return 0;
	size_t n = document_list(txn, call->ctx->arena, DOCUMENT_TERMS, *out);
	db_read_end(&txn);
	return n;
}

/* The last that holds today. */
static void get_terms(struct call *call)
{
	struct document *terms;
	size_t n = read_terms(call, &terms), at = 0;
	uint64_t now_ms = clock_wall_ms(call->api->parts.clock);
	while (at < n && terms[at].from_ms <= now_ms)
		at++;
	if (at == 0)
		reply_rc(call, RC_NOT_FOUND);
	else
		reply_terms(call, &terms[at - 1], at < n ? &terms[at] : NULL);
}

static void get_terms_of_day(struct call *call)
{
	struct document *terms;
	struct str date =
		arena_printf(call->ctx->arena, "%.*sT00:00:00Z", STR_ARG(call->req->params[0]));
	uint64_t from_ms = 0;
	size_t n = read_terms(call, &terms);
	bool valid = date_parse_rfc3339(date, &from_ms);
	for (size_t i = 0; valid && i < n; i++) {
		if (terms[i].from_ms == from_ms) {
			reply_terms(call, &terms[i], i + 1 < n ? &terms[i + 1] : NULL);
			return;
		}
	}
	reply_rc(call, RC_NOT_FOUND);
}

static void get_languages(struct call *call)
{
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < language_count; i++) {
		jw_object(w);
		jw_member_str(w, "code", str_of(languages[i].code));
		jw_member_str(w, "name", str_of(languages[i].name));
		jw_end(w);
	}
	jw_end(w);
	reply_end(call, 200);
}

#define GET HTTP_GET

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v1/instance/peers", AUTH_NONE, 0, RATE_COMMON, NULL, get_peers },
	{ GET, "/api/v1/instance/activity", AUTH_NONE, 0, RATE_COMMON, NULL, get_activity },
	{ GET, "/api/v1/instance/rules", AUTH_NONE, 0, RATE_COMMON, NULL, get_rules },
	{ GET, "/api/v1/instance/domain_blocks", AUTH_NONE, 0, RATE_COMMON, NULL,
	  get_domain_blocks },
	{ GET, "/api/v1/instance/extended_description", AUTH_NONE, 0, RATE_COMMON, NULL,
	  get_extended_description },
	{ GET, "/api/v1/instance/privacy_policy", AUTH_NONE, 0, RATE_COMMON, NULL,
	  get_privacy_policy },
	{ GET, "/api/v1/instance/terms_of_service", AUTH_NONE, 0, RATE_COMMON, NULL, get_terms },
	{ GET, "/api/v1/instance/terms_of_service/:date", AUTH_NONE, 0, RATE_COMMON, NULL,
	  get_terms_of_day },
	{ GET, "/api/v1/instance/languages", AUTH_NONE, 0, RATE_COMMON, NULL, get_languages },
};
API_ROWS_END
const struct api_route_table about_api = { routes, ARRAY_LEN(routes) };
