/* Decoding and encoding of the records of joint communities. Pure. */
#include "ap/ledger.h"

#include <string.h>

#include "ap/vocab.h"
#include "ap/write.h"
#include "core/enc.h"
#include "core/must.h"
#include "core/utf8.h"

#define TITLE_BYTES 800
#define TEXT_BYTES 40000
#define NAME_BYTES 2000
#define WORD_BYTES 32
#define TYPE_BYTES 100
#define SRI "sha256-" /* Verifiable Credentials Data Model 2.0 section 5.3 */

/* --- writing --- */

static const char *type_of(const struct ap_ledger_record *r)
{
	switch (r->kind) {
	case AP_LEDGER_VERSION:
		return r->first ? "Create" : "Update";
	case AP_LEDGER_DROP:
		return "Delete";
	case AP_LEDGER_CANCEL:
		return "Undo";
	case AP_LEDGER_JOIN:
		return "Join";
	case AP_LEDGER_CONSULTATION:
	case AP_LEDGER_PAPERS:
		break;
	}
	return "Create";
}

static void write_file(struct jw *w, const struct ap_ledger_file *file)
{
	struct buf sri CLEANUP(buf_free) = BUF_INIT(128);
	buf_add(&sri, STR(SRI));
	enc_base64(&sri, str_n((const char *)file->digest, AP_LEDGER_DIGEST_SIZE));
	jw_name(w, "url");
	jw_object(w);
	jw_member_str(w, "type", STR("Link"));
	jw_member_str(w, "href", file->url);
	jw_member_str(w, "mediaType", file->media_type);
	jw_member_u64(w, "fileSize", file->bytes);
	jw_member_str(w, "digestSRI", buf_str(&sri));
	jw_end(w);
}

static void write_version(struct jw *w, const struct ap_ledger_record *r)
{
	jw_member_str(w, "type", r->has_file ? STR("Document") : STR("Page"));
	jw_member_str(w, "name", r->title);
	jw_member_opt(w, "content", r->description);
	jw_member_opt(w, "summary", r->note);
	if (r->has_file)
		write_file(w, &r->file);
	else
		jw_member_str(w, "url", r->url);
}

static void write_strs(struct jw *w, const char *name, const struct str *list, unsigned count)
{
	jw_name(w, name);
	jw_array(w);
	for (unsigned i = 0; i < count; i++)
		jw_str(w, list[i]);
	jw_end(w);
}

static void write_consultation(struct jw *w, const struct ap_ledger_record *r)
{
	jw_member_str(w, "type", STR("Question"));
	jw_member_str(w, "name", r->question);
	jw_member_opt(w, "content", r->description);
	jw_member_date(w, "startTime", r->opens_ms);
	jw_member_date(w, "endTime", r->closes_ms);
	jw_member_date(w, "papersUntil", r->papers_until_ms);
	jw_member_str(w, "method", r->method);
	jw_member_u64(w, "seats", r->seats);
	jw_member_u64(w, "quorum", r->quorum);
	jw_member_bool(w, "named", r->named);
	write_strs(w, "eligible", r->roles, r->role_count);
	jw_name(w, "anyOf");
	jw_array(w);
	for (unsigned i = 0; i < r->option_count; i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("Note"));
		jw_member_str(w, "name", r->options[i]);
		jw_end(w);
	}
	jw_end(w);
}

static void write_papers(struct jw *w, const struct ap_ledger_record *r)
{
	jw_member_str(w, "type", STR("Papers"));
	jw_member_str(w, "context", r->thing);
	jw_member_u64(w, "pageNumber", r->page);
	jw_member_u64(w, "pageCount", r->pages);
	jw_member_u64(w, "voters", r->voters);
	jw_member_u64(w, "members", r->members);
	jw_member_str(w, "papersDigest", r->digest);
	jw_member_str(w, "mediaType", STR("text/plain"));
	jw_member_str(w, "content", r->lines);
}

static void write_object(struct jw *w, const struct ap_ledger_record *r)
{
	if (r->kind == AP_LEDGER_DROP || r->kind == AP_LEDGER_CANCEL || r->kind == AP_LEDGER_JOIN) {
		jw_member_str(w, "object", r->thing);
		return;
	}
	jw_name(w, "object");
	jw_object(w);
	if (r->kind != AP_LEDGER_PAPERS)
		jw_member_str(w, "id", r->thing);
	jw_member_str(w, "attributedTo", r->actor);
	if (r->kind == AP_LEDGER_VERSION)
		write_version(w, r);
	else if (r->kind == AP_LEDGER_CONSULTATION)
		write_consultation(w, r);
	else
		write_papers(w, r);
	jw_end(w);
}

void ap_ledger_write(struct jw *w, const struct ap_ledger_record *r)
{
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_LEDGER);
	jw_member_str(w, "id", r->id);
	jw_member_str(w, "type", str_of(type_of(r)));
	jw_member_str(w, "actor", r->actor);
	jw_member_date(w, "published", r->published_ms);
	write_object(w, r);
	jw_end(w);
}

/* --- reading --- */

/* Absent, or longer than it may be: then *bad. */
static struct str text_of(struct jr object, const char *name, size_t most, bool *bad)
{
	struct str s = jr_str(jr_get(object, name));
	*bad = *bad || s.len > most;
	return s.ptr != NULL ? s : STR("");
}

static uint32_t number_of(struct jr object, const char *name, bool *bad)
{
	int64_t n = 0;
	*bad = *bad || !jr_i64(jr_get(object, name), &n) || n < 0 || n > UINT32_MAX;
	return *bad ? 0 : (uint32_t)n;
}

static uint64_t time_of(struct jr object, const char *name, bool *bad)
{
	uint64_t ms = ap_time(jr_get(object, name));
	*bad = *bad || ms == 0;
	return ms;
}

static bool digest_of(struct str sri, unsigned char out[AP_LEDGER_DIGEST_SIZE])
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(AP_LEDGER_DIGEST_SIZE + 4);
	if (!str_has_prefix(sri, STR(SRI)) ||
	    !enc_unbase64(&bytes, str_skip(sri, sizeof(SRI) - 1)) ||
	    bytes.len != AP_LEDGER_DIGEST_SIZE)
		return false;
	memcpy(out, bytes.ptr, AP_LEDGER_DIGEST_SIZE);
	return true;
}

static bool file_decode(const struct ap_reader *reader, struct jr link, struct ap_ledger_file *out)
{
	bool bad = false;
	out->url = ap_id(reader, link);
	out->media_type = text_of(link, "mediaType", TYPE_BYTES, &bad);
	out->bytes = number_of(link, "fileSize", &bad);
	return !bad && out->url.ptr != NULL &&
	       digest_of(jr_str(jr_get(link, "digestSRI")), out->digest);
}

static bool version_decode(const struct ap_reader *reader, struct jr object,
			   struct ap_ledger_record *out)
{
	bool bad = false;
	struct str type = jr_str(jr_get(object, "type"));
	out->kind = AP_LEDGER_VERSION;
	out->title = text_of(object, "name", TITLE_BYTES, &bad);
	out->description = text_of(object, "content", TEXT_BYTES, &bad);
	out->note = text_of(object, "summary", NAME_BYTES, &bad);
	out->has_file = str_eq(type, STR("Document"));
	if (bad || out->title.len == 0)
		return false;
	if (out->has_file)
		return file_decode(reader, jr_get(object, "url"), &out->file);
	out->url = ap_id(reader, jr_get(object, "url"));
	return out->url.ptr != NULL;
}

static unsigned strs_decode(struct jr list, const char *member, struct str *out, unsigned most,
			    bool *bad)
{
	size_t count = jr_count(list);
	*bad = *bad || count > most;
	for (size_t i = 0; i < count && !*bad; i++) {
		struct jr item = jr_at(list, i);
		out[i] = jr_str(member != NULL ? jr_get(item, member) : item);
		*bad = out[i].len == 0 || out[i].len > NAME_BYTES;
	}
	return *bad ? 0 : (unsigned)count;
}

static bool consultation_decode(struct jr object, struct ap_ledger_record *out)
{
	bool bad = false;
	out->kind = AP_LEDGER_CONSULTATION;
	out->question = text_of(object, "name", NAME_BYTES, &bad);
	out->description = text_of(object, "content", TEXT_BYTES, &bad);
	out->method = text_of(object, "method", WORD_BYTES, &bad);
	out->opens_ms = time_of(object, "startTime", &bad);
	out->closes_ms = time_of(object, "endTime", &bad);
	out->papers_until_ms = time_of(object, "papersUntil", &bad);
	out->seats = number_of(object, "seats", &bad);
	out->quorum = number_of(object, "quorum", &bad);
	out->named = jr_bool(jr_get(object, "named"), false);
	out->role_count = strs_decode(jr_get(object, "eligible"), NULL, out->roles,
				      AP_LEDGER_ROLES_MAX, &bad);
	out->option_count = strs_decode(jr_get(object, "anyOf"), "name", out->options,
					AP_LEDGER_OPTIONS_MAX, &bad);
	return !bad && out->question.len != 0 && out->option_count >= 2 && out->seats != 0 &&
	       out->seats < out->option_count && out->opens_ms < out->closes_ms &&
	       out->closes_ms <= out->papers_until_ms;
}

static bool papers_decode(const struct ap_reader *reader, struct jr object,
			  struct ap_ledger_record *out)
{
	bool bad = false;
	out->kind = AP_LEDGER_PAPERS;
	out->thing = ap_id(reader, jr_get(object, "context"));
	out->page = number_of(object, "pageNumber", &bad);
	out->pages = number_of(object, "pageCount", &bad);
	out->voters = number_of(object, "voters", &bad);
	out->members = number_of(object, "members", &bad);
	out->digest = text_of(object, "papersDigest", (size_t)2 * AP_LEDGER_DIGEST_SIZE, &bad);
	out->lines = text_of(
		object, "content",
		AP_LEDGER_PAPERS_PER_PAGE * (size_t)(32 + 3 * AP_LEDGER_OPTIONS_MAX + 1), &bad);
	uint32_t pages = (out->voters + AP_LEDGER_PAPERS_PER_PAGE - 1) / AP_LEDGER_PAPERS_PER_PAGE;
	return !bad && out->thing.ptr != NULL && out->page != 0 && out->page <= out->pages &&
	       out->pages <= AP_LEDGER_PAGES_MAX && out->pages == (pages != 0 ? pages : 1) &&
	       out->voters <= out->members && out->digest.len == (size_t)2 * AP_LEDGER_DIGEST_SIZE;
}

static bool created_decode(const struct ap_reader *reader, struct jr object,
			   struct ap_ledger_record *out)
{
	struct str type = jr_str(jr_get(object, "type"));
	if (!str_eq(ap_id(reader, jr_get(object, "attributedTo")), out->actor))
		return false;
	if (str_eq(type, STR("Papers")))
		return papers_decode(reader, object, out);
	out->thing = ap_id(reader, jr_get(object, "id"));
	if (out->thing.ptr == NULL)
		return false;
	if (str_eq(type, STR("Question")))
		return consultation_decode(object, out) &&
		       ap_same_origin(reader, out->thing, out->actor);
	if (!str_eq(type, STR("Document")) && !str_eq(type, STR("Page")))
		return false;
	return version_decode(reader, object, out) &&
	       (!out->first || ap_same_origin(reader, out->thing, out->actor));
}

static bool act_decode(const struct ap_reader *reader, struct jr root, struct ap_ledger_record *out)
{
	static const struct {
		enum ap_activity_type type;
		enum ap_ledger_kind kind;
	} plain[] = { { AP_DELETE, AP_LEDGER_DROP },
		      { AP_UNDO, AP_LEDGER_CANCEL },
		      { AP_JOIN, AP_LEDGER_JOIN } };
	const enum ap_activity_type type = ap_type_activity(jr_get(root, "type"));
	struct jr object = jr_get(root, "object");
	bool known = false;
	out->first = type == AP_CREATE;
	if (type == AP_CREATE || type == AP_UPDATE)
		return created_decode(reader, object, out) &&
		       (out->first || out->kind == AP_LEDGER_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(plain) && !known; i++) {
		known = plain[i].type == type;
		out->kind = plain[i].kind;
	}
	if (!known)
		return false;
	out->thing = jr_type(object) == JR_STRING ? ap_id(reader, object) : STR_NONE;
	return out->thing.ptr != NULL &&
	       (out->kind != AP_LEDGER_CANCEL || ap_same_origin(reader, out->thing, out->actor));
}

enum rc ap_ledger_decode(const struct ap_reader *reader, struct jr root,
			 struct ap_ledger_record *out)
{
	*out = (struct ap_ledger_record){ .page = 0 };
	out->id = ap_id(reader, jr_get(root, "id"));
	out->actor = jr_type(jr_get(root, "actor")) == JR_STRING
			     ? ap_id(reader, jr_get(root, "actor"))
			     : STR_NONE;
	out->published_ms = ap_time(jr_get(root, "published"));
	if (out->id.ptr == NULL || out->actor.ptr == NULL || out->published_ms == 0 ||
	    !ap_same_origin(reader, out->id, out->actor))
		return ctx_fail(reader->ctx, RC_INVALID, "a record has an id, an actor and a time");
	if (!act_decode(reader, root, out))
		return ctx_fail(reader->ctx, RC_INVALID, "it is no record of a joint community");
	return RC_OK;
}
