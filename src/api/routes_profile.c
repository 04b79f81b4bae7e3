/* One's own profile: reading it as it was typed, and changing it. */
#include "own_int.h"

#include "social/account.h"
#include "social/profile.h"
#include "store/graph.h"
#include "store/personal.h"

#define REQUESTS_COUNTED 80 /* more are told as so many */

/* --- answers --- */

static enum rc gather_own_profile(struct call *call, struct gather *g, struct account_view *out)
{
	const struct account_view *known = gather_account(g, call_account(call)->id);
	if (known == NULL)
		return RC_NOT_FOUND;
	*out = *known;
	return view_source(call->ctx, out) ? RC_OK : RC_NO_MEMORY;
}

void reply_credentials(struct call *call)
{
	struct account_view own;
	struct preference preference;
	uint64_t requests[REQUESTS_COUNTED];
	size_t n = 0;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_own_profile(call, &g, &own);
		if (rc == RC_OK) {
			preference_get(g.txn, g.arena, own.account->id, &preference);
			own.preference = &preference;
			n = follow_followers(g.txn, own.account->id, 0, FOLLOW_PENDING, requests,
					     REQUESTS_COUNTED);
		}
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_credential_account(reply_begin(call), call->api->parts.site, &own, n);
	reply_end(call, 200);
}

static void reply_profile(struct call *call)
{
	struct profile_view view = { .tag_count = 0 };
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_own_profile(call, &g, &view.account);
		if (rc == RC_OK)
			view.tag_count =
				gather_featured_tags(&g, call, view.account.account->id, view.tags);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_own_profile(reply_begin(call), &view);
	reply_end(call, 200);
}

/* --- what is sent --- */

struct profile_params {
	struct str display_name, note, avatar_description, header_description;
	enum tri locked, bot, discoverable, indexable, hide_collections;
	enum tri show_media, show_media_replies, show_featured;
	struct str_list attribution_domains;
};

#define TEXT_ROW(member, max) PARAM_STR(struct profile_params, member, #member, max)
#define FLAG_ROW(member) PARAM_BOOL(struct profile_params, member, #member)
/* methods/accounts#update_credentials and methods/profile: the same but for what is named below them */
#define PROFILE_ROWS                                                                          \
	TEXT_ROW(display_name, 4000), TEXT_ROW(note, 20000), PARAM_FILE("avatar"),            \
		TEXT_ROW(avatar_description, 8000), PARAM_FILE("header"),                     \
		TEXT_ROW(header_description, 8000), FLAG_ROW(locked), FLAG_ROW(bot),          \
		FLAG_ROW(discoverable), FLAG_ROW(indexable), FLAG_ROW(hide_collections),      \
		PARAM_STRS(struct profile_params, attribution_domains, "attribution_domains", \
			   1000),                                                             \
		PARAM_INNER("fields_attributes[:index][name]", 4000),                         \
		PARAM_INNER("fields_attributes[:index][value]", 20000)

static const struct param credentials_rows[] = {
	PROFILE_ROWS,
	PARAM_INNER("source[privacy]", 0),
	PARAM_INNER("source[sensitive]", 0),
	PARAM_INNER("source[language]", 0),
	PARAM_INNER("source[quote_policy]", 0),
};
PARAM_TABLE_FILES(credentials_params, struct profile_params, credentials_rows);

static const struct param profile_rows[] = {
	PROFILE_ROWS,
	FLAG_ROW(show_media),
	FLAG_ROW(show_media_replies),
	FLAG_ROW(show_featured),
};
PARAM_TABLE_FILES(profile_params, struct profile_params, profile_rows);

struct profile_act {
	const struct profile_params *params;
	const struct fields *fields_sent;
	uint64_t account;
	struct str display_name, note_source, avatar_description, header_description; /* cleaned */
	struct html note;
	struct account_field *fields; /* NULL: as they are */
	unsigned field_count;
	struct str *attribution;
	unsigned attribution_count;
	uint64_t avatar, header; /* pictures that were uploaded; 0: none */
};

/* --- fields: fields_attributes[KEY][name], whatever the keys are; in the order in which these come --- */

struct field_part {
	struct str key, name;
};

static bool field_part_parse(struct str text, struct field_part *out)
{
	static const struct str prefix = STR_INIT("fields_attributes[");
	struct str rest, tail;
	return str_has_prefix(text, prefix) &&
	       str_split(str_skip(text, prefix.len), ']', &out->key, &rest) &&
	       str_has_prefix(rest, STR("[")) &&
	       str_split(str_skip(rest, 1), ']', &out->name, &tail) && tail.len == 0;
}

struct typed_field {
	struct str key, name, value; /* name and value are absent until they were said */
};

static struct typed_field *field_find(struct typed_field *list, unsigned count,
				      const struct field_part *part)
{
	bool is_name = str_eq(part->name, STR("name"));
	for (unsigned i = count; i-- > 0;) {
		struct str said = is_name ? list[i].name : list[i].value;
		/* without keys, what is said again begins a new one, as with Rails */
		if (str_eq(list[i].key, part->key) && (part->key.len != 0 || said.ptr == NULL))
			return &list[i];
	}
	return NULL;
}

/* How many; *given when any was named. Surplus ones are RC_INVALID. */
static enum rc fields_collect(struct call *call, struct typed_field *list, unsigned *count,
			      bool *given)
{
	for (size_t i = 0; i < call->fields.count; i++) {
		const struct field *f = &call->fields.list[i];
		struct field_part part;
		if (str_eq(f->name, STR("fields_attributes[]")) ||
		    str_eq(f->name, STR("fields_attributes")))
			*given = true; /* an empty list */
		if (!field_part_parse(f->name, &part))
			continue;
		*given = true;
		struct typed_field *one = field_find(list, *count, &part);
		if (one == NULL && *count == ACCOUNT_FIELDS_MAX)
			return ctx_fail(call->ctx, RC_INVALID, "a profile has at most %d fields",
					ACCOUNT_FIELDS_MAX);
		if (one == NULL) {
			one = &list[(*count)++];
			*one = (struct typed_field){ .key = part.key };
		}
		struct str value = f->value.ptr != NULL ? f->value : STR("");
		if (str_eq(part.name, STR("name")))
			one->name = value;
		else if (str_eq(part.name, STR("value")))
			one->value = value;
	}
	return RC_OK;
}

/* account_text_make() or account_field_make(). */
typedef enum rc text_maker(struct ctx *ctx, const struct site *site, struct str text,
			   struct html *out);

static enum rc words_compose(struct call *call, text_maker *make, struct str typed,
			     struct str *source, struct html *html)
{
	enum rc rc =
		text_clean(call->ctx, typed, PROFILE_TEXT_CHARS, 4 * PROFILE_TEXT_CHARS, source);
	return rc == RC_OK ? make(call->ctx, call->api->parts.site, *source, html) : rc;
}

/* Those without a name are left out. */
static enum rc read_fields(struct call *call, struct profile_act *act)
{
	struct typed_field list[ACCOUNT_FIELDS_MAX];
	unsigned count = 0;
	bool given = false;
	enum rc rc = fields_collect(call, list, &count, &given);
	if (rc != RC_OK || !given)
		return rc;
	act->fields = ARENA_ARRAY(call->ctx->arena, ACCOUNT_FIELDS_MAX, struct account_field);
	if (act->fields == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; rc == RC_OK && i < count; i++) {
		struct account_field *out = &act->fields[act->field_count];
		if (str_trim(list[i].name).len == 0)
			continue;
		rc = text_clean(call->ctx, list[i].name, PROFILE_FIELD_NAME_CHARS,
				4 * PROFILE_FIELD_NAME_CHARS, &out->name);
		if (rc == RC_OK)
			rc = words_compose(call, account_field_make,
					   list[i].value.ptr != NULL ? list[i].value : STR(""),
					   &out->source, &out->value);
		act->field_count++;
	}
	return rc;
}

/* --- changing --- */

static enum rc read_description(struct call *call, struct str typed, struct str *out)
{
	return typed.ptr != NULL ? text_clean(call->ctx, typed, PROFILE_DESCRIPTION_CHARS,
					      4 * PROFILE_DESCRIPTION_CHARS, out)
				 : RC_OK;
}

static enum rc compose_profile(struct call *call, struct profile_act *act)
{
	const struct profile_params *p = call->params;
	const struct str_list *hosts = &p->attribution_domains;
	enum rc rc = RC_OK;
	if (p->display_name.ptr != NULL)
		rc = text_clean(call->ctx, p->display_name, PROFILE_NAME_CHARS,
				4 * PROFILE_NAME_CHARS, &act->display_name);
	if (rc == RC_OK && p->note.ptr != NULL)
		rc = words_compose(call, account_text_make, p->note, &act->note_source, &act->note);
	if (rc == RC_OK)
		rc = read_description(call, p->avatar_description, &act->avatar_description);
	if (rc == RC_OK)
		rc = read_description(call, p->header_description, &act->header_description);
	if (rc == RC_OK && hosts->given)
		rc = profile_hosts_make(call->ctx, call->api->parts.site, hosts->list, hosts->count,
					&act->attribution, &act->attribution_count);
	return rc == RC_OK ? read_fields(call, act) : rc;
}

static void set_flag(struct account *a, enum tri value, enum tri sets, unsigned flag)
{
	if (value == sets)
		a->flags |= flag;
	else if (value != TRI_UNSET)
		a->flags &= ~flag;
}

static void apply_flags(const struct profile_params *p, struct account *a)
{
	set_flag(a, p->locked, TRI_YES, ACCOUNT_LOCKED);
	set_flag(a, p->discoverable, TRI_YES, ACCOUNT_DISCOVERABLE);
	set_flag(a, p->indexable, TRI_YES, ACCOUNT_INDEXABLE);
	set_flag(a, p->hide_collections, TRI_YES, ACCOUNT_HIDE_NETWORK);
	set_flag(a, p->show_media, TRI_NO, ACCOUNT_NO_MEDIA);
	set_flag(a, p->show_media_replies, TRI_NO, ACCOUNT_NO_MEDIA_REPLIES);
	set_flag(a, p->show_featured, TRI_NO, ACCOUNT_NO_FEATURED);
	if (p->bot != TRI_UNSET && (a->kind == ACCOUNT_PERSON || a->kind == ACCOUNT_SERVICE))
		a->kind = p->bot == TRI_YES ? ACCOUNT_SERVICE : ACCOUNT_PERSON;
}

static void apply_words(const struct profile_act *act, struct account *a)
{
	const struct profile_params *p = act->params;
	if (p->display_name.ptr != NULL)
		a->display_name = act->display_name;
	if (p->note.ptr != NULL) {
		a->note = act->note;
		a->note_source = act->note_source;
	}
	if (p->avatar_description.ptr != NULL)
		a->avatar_description = act->avatar_description;
	if (p->header_description.ptr != NULL)
		a->header_description = act->header_description;
	for (unsigned i = 0; act->fields != NULL && i < act->field_count; i++)
		a->fields[i] = act->fields[i];
	if (act->fields != NULL)
		a->field_count = act->field_count;
	if (act->attribution == NULL)
		return;
	a->attribution = act->attribution;
	a->attribution_count = act->attribution_count;
}

/* What somebody prefers for their own posts is told to nobody. */
static bool are_preferences_alone(const struct fields *sent)
{
	bool all = sent->count != 0;
	for (size_t i = 0; all && i < sent->count; i++)
		all = str_has_prefix(sent->list[i].name, STR("source["));
	return all;
}

static enum rc change_profile(struct social *s, void *arg)
{
	const struct profile_act *act = arg;
	struct account a;
	if (are_preferences_alone(act->fields_sent))
		return source_apply(s, act->account, act->fields_sent);
	if (!account_get(s->txn, s->ctx->arena, act->account, &a))
		return RC_NOT_FOUND;
	/* a description that is not sent along with a new picture was another one's */
	enum rc rc = act->avatar != 0 ? media_wear(s, &a, MEDIUM_AVATAR, a.id, act->avatar) : RC_OK;
	if (rc == RC_OK && act->header != 0)
		rc = media_wear(s, &a, MEDIUM_HEADER, a.id, act->header);
	apply_flags(act->params, &a);
	apply_words(act, &a);
	if (rc == RC_OK)
		rc = source_apply(s, a.id, act->fields_sent);
	return rc == RC_OK ? account_change(s, &a) : rc;
}

static void change(struct call *call, void (*reply)(struct call *call))
{
	struct profile_act act = { .params = call->params,
				   .fields_sent = &call->fields,
				   .account = call_account(call)->id };
	enum rc rc = compose_profile(call, &act);
	if (rc == RC_OK && (!upload_picture(call, "avatar", MEDIUM_AVATAR, &act.avatar) ||
			    !upload_picture(call, "header", MEDIUM_HEADER, &act.header)))
		return;
	if (rc == RC_OK)
		rc = call_write(call, change_profile, &act);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply(call);
}

static void patch_credentials(struct call *call)
{
	change(call, reply_credentials);
}

static void patch_profile(struct call *call)
{
	change(call, reply_profile);
}

/* --- without its pictures --- */

struct undressing {
	uint64_t account;
	enum medium_use use;
};

static enum rc undress_job(struct social *s, void *arg)
{
	const struct undressing *u = arg;
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, u->account, &a))
		return RC_NOT_FOUND;
	enum rc rc = media_wear(s, &a, u->use, a.id, 0);
	return rc == RC_OK ? account_change(s, &a) : rc;
}

static void undress(struct call *call, enum medium_use use)
{
	struct undressing u = { call_account(call)->id, use };
	enum rc rc = call_write(call, undress_job, &u);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_credentials(call);
}

static void delete_avatar(struct call *call)
{
	undress(call, MEDIUM_AVATAR);
}

static void delete_header(struct call *call)
{
	undress(call, MEDIUM_HEADER);
}

#define READ (SCOPE(PROFILE) | SCOPE(READ_ACCOUNTS))
#define WRITE SCOPE(WRITE_ACCOUNTS)
#define OWN "/api/v1/profile"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/accounts/verify_credentials", AUTH_USER, READ, RATE_COMMON, NULL,
	  reply_credentials },
	{ HTTP_PATCH, "/api/v1/accounts/update_credentials", AUTH_USER, WRITE, RATE_COMMON,
	  &credentials_params, patch_credentials },
	{ HTTP_GET, OWN, AUTH_USER, READ, RATE_COMMON, NULL, reply_profile },
	{ HTTP_PATCH, OWN, AUTH_USER, WRITE, RATE_COMMON, &profile_params, patch_profile },
	{ HTTP_DELETE, OWN "/avatar", AUTH_USER, WRITE, RATE_COMMON, NULL, delete_avatar },
	{ HTTP_DELETE, OWN "/header", AUTH_USER, WRITE, RATE_COMMON, NULL, delete_header },
};
API_ROWS_END
const struct api_route_table profile_api = { routes, ARRAY_LEN(routes) };
