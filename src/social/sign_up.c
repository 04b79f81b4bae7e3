/* Signing up: settings, what is wrong with what was asked, and making the account. */
#include "social/sign_up.h"

#include "act_int.h"
#include "core/date.h"
#include "core/must.h"
#include "core/utf8.h"
#include "text/acct.h"

#define USERNAME_MAX 30 /* acct_local_user_valid() */

/* --- settings --- */

#define ROW(row_name, member, ...)                                                                 \
	{                                                                                          \
		.name = row_name, .offset = offsetof(struct sign_up_settings, member), __VA_ARGS__ \
	}
#define LIMIT .type = CONF_U64, .min = 1, .max = 1000000000

const struct conf_row sign_up_conf_rows[] = {
	ROW("mode", mode, .type = CONF_ENUM, .fallback = "closed",
	    .choices = "open approval closed", .reload = CONF_RELOAD,
	    .help = "Who may sign up: everybody, whoever a moderator lets in, or nobody."),
	ROW("reason_required", reason_required, .type = CONF_BOOL, .fallback = "no",
	    .reload = CONF_RELOAD,
	    .help = "Whoever is to be let in by a moderator must say why they want to come."),
	ROW("message", message, .type = CONF_STR, .fallback = "", .max = 2000,
	    .help = "What people read when nobody may sign up."),
	ROW("url", url, .type = CONF_STR, .fallback = "", .max = 1000,
	    .help = "Where people sign up instead, such as the page of an identity provider."),
	ROW("min_age", min_age, .type = CONF_U64, .fallback = "0", .max = 120,
	    .reload = CONF_RELOAD,
	    .help = "How old people must be, who are asked for their date of birth then; it is "
		    "not kept. 0 asks nobody."),
	ROW("reserved", reserved, .type = CONF_STR, .fallback = "", .max = 4000,
	    .help = "User names that nobody may take by signing up, parted by blanks, besides "
		    "those of offices, such as admin."),
	ROW("per_client", per_client, LIMIT, .fallback = "5",
	    .help = "Accounts that one address may make in half an hour."),
	ROW("tries_per_client", tries_per_client, LIMIT, .fallback = "25",
	    .help = "How often it may try, wrong forms included."),
	ROW("per_day", per_day, LIMIT, .fallback = "1000",
	    .help = "Accounts that are made in a day by all together."),
};
const size_t sign_up_conf_row_count = ARRAY_LEN(sign_up_conf_rows);

/* --- faults --- */

static const struct {
	const char *name, *title;
} fields[] = {
#define X(field, name, title) [SIGN_UP_##field] = { name, title },
	SIGN_UP_FIELDS(X)
#undef X
};

const char *sign_up_field_name(enum sign_up_field field)
{
	return fields[field].name;
}

const char *sign_up_field_title(enum sign_up_field field)
{
	return fields[field].title;
}

static void fault(struct sign_up_plan *plan, enum sign_up_field field, const char *code,
		  const char *text)
{
	struct sign_up_faults *f = &plan->faults;
	must(f->count < SIGN_UP_FAULTS_MAX);
	f->list[f->count++] = (struct sign_up_fault){ field, code, text };
}

static void blank(struct sign_up_plan *plan, enum sign_up_field field)
{
	fault(plan, field, "ERR_BLANK", "can't be blank");
}

/* --- user names --- */

/* RFC 2142, and what people would take for somebody who speaks for the node. */
static const struct str reserved_names[] = {
	STR_INIT("abuse"),	STR_INIT("account"),	   STR_INIT("accounts"),
	STR_INIT("admin"),	STR_INIT("administrator"), STR_INIT("all"),
	STR_INIT("api"),	STR_INIT("auth"),	   STR_INIT("billing"),
	STR_INIT("everybody"),	STR_INIT("everyone"),	   STR_INIT("help"),
	STR_INIT("hostmaster"), STR_INIT("info"),	   STR_INIT("instance"),
	STR_INIT("mail"),	STR_INIT("mailer_daemon"), STR_INIT("marketing"),
	STR_INIT("moderation"), STR_INIT("moderator"),	   STR_INIT("news"),
	STR_INIT("no_reply"),	STR_INIT("nobody"),	   STR_INIT("node"),
	STR_INIT("noc"),	STR_INIT("noreply"),	   STR_INIT("null"),
	STR_INIT("official"),	STR_INIT("owner"),	   STR_INIT("postmaster"),
	STR_INIT("privacy"),	STR_INIT("relay"),	   STR_INIT("root"),
	STR_INIT("sales"),	STR_INIT("security"),	   STR_INIT("staff"),
	STR_INIT("support"),	STR_INIT("system"),	   STR_INIT("undefined"),
	STR_INIT("usenet"),	STR_INIT("webmaster"),	   STR_INIT("www"),
};

static bool is_reserved(const struct sign_up_settings *settings, struct str username)
{
	struct str rest = settings->reserved, name;
	for (size_t i = 0; i < ARRAY_LEN(reserved_names); i++) {
		if (str_eq(username, reserved_names[i]))
			return true;
	}
	while (str_next(&rest, ' ', &name)) {
		if (name.len != 0 && str_eq_nocase(name, username))
			return true;
	}
	return false;
}

bool sign_up_is_reserved(const struct reception *r, struct str name)
{
	return is_reserved(r->settings, name);
}

/* Names are the same in any case; here they are written in small letters. */
static struct str small(struct arena *arena, struct str text)
{
	struct str copy = arena_str(arena, text);
	for (size_t i = 0; i < copy.len; i++) {
		char *c = (char *)(uintptr_t)copy.ptr + i;
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return copy;
}

static void check_username(const struct reception *r, struct ctx *ctx, struct db_txn *txn,
			   struct str asked, struct sign_up_plan *plan)
{
	struct str username = small(ctx->arena, str_trim(asked));
	struct account other;
	plan->wanted.username = username;
	if (username.len == 0)
		blank(plan, SIGN_UP_USERNAME);
	else if (username.len > USERNAME_MAX)
		fault(plan, SIGN_UP_USERNAME, "ERR_TOO_LONG",
		      "is too long (maximum is 30 characters)");
	else if (!acct_local_user_valid(username))
		fault(plan, SIGN_UP_USERNAME, "ERR_INVALID",
		      "must contain only letters, numbers and underscores");
	else if (is_reserved(r->settings, username))
		fault(plan, SIGN_UP_USERNAME, "ERR_RESERVED", "is reserved");
	/* nor is the name of somebody who is deleted given again */
	else if (account_find_handle(txn, ctx->arena, username, STR(""), &other))
		fault(plan, SIGN_UP_USERNAME, "ERR_TAKEN", "has already been taken");
}

/* --- the rest of it --- */

static void check_email(const struct reception *r, struct ctx *ctx, struct db_txn *txn,
			struct str asked, struct sign_up_plan *plan)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct email email;
	enum barred barred = BARRED_NOT;
	asked = str_trim(asked);
	if (asked.len == 0) {
		blank(plan, SIGN_UP_EMAIL);
		return;
	}
	if (email_parse(&quiet, asked, r->site->iri_flags, &email) != RC_OK) {
		fault(plan, SIGN_UP_EMAIL, "ERR_INVALID", "is invalid");
		return;
	}
	plan->email = email.text;
	barred = barred_email(txn, ctx->arena, &email);
	if (barred >= BARRED_SIGN_UP)
		fault(plan, SIGN_UP_EMAIL, "ERR_BLOCKED", "is from a provider that is not allowed");
	else if (barred == BARRED_APPROVAL)
		plan->needs_approval = true;
}

static void check_password(const struct reception *r, const struct sign_up_ask *ask,
			   struct sign_up_plan *plan)
{
	struct str password = ask->password;
	if (password.len == 0)
		blank(plan, SIGN_UP_PASSWORD);
	else if (password.len < PASSWORD_MIN)
		fault(plan, SIGN_UP_PASSWORD, "ERR_TOO_SHORT",
		      "is too short (minimum is 8 characters)");
	else if (password.len > PASSWORD_MAX)
		fault(plan, SIGN_UP_PASSWORD, "ERR_TOO_LONG",
		      "is too long (maximum is 256 characters)");
	else if (sign_in_is_weak(r->site, password, str_trim(ask->username), str_trim(ask->email)))
		fault(plan, SIGN_UP_PASSWORD, "ERR_INVALID", "is easy to guess");
}

static void check_reason(const struct reception *r, const struct sign_up_ask *ask,
			 struct sign_up_plan *plan)
{
	plan->row.reason = str_trim(ask->reason);
	if (plan->needs_approval && r->settings->reason_required && plan->row.reason.len == 0)
		blank(plan, SIGN_UP_REASON);
	else if (!utf8_valid(plan->row.reason))
		fault(plan, SIGN_UP_REASON, "ERR_INVALID", "is invalid");
	else if (utf8_count(plan->row.reason) > SIGN_UP_REASON_CHARS)
		fault(plan, SIGN_UP_REASON, "ERR_TOO_LONG",
		      "is too long (maximum is 420 characters)");
}

/* BCP 47 by its looks. */
static void check_locale(struct str locale, struct sign_up_plan *plan)
{
	bool fits = locale.len <= 35;
	for (size_t i = 0; i < locale.len; i++) {
		char c = locale.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		fits = fits &&
		       (letter || (i >= 2 && (c == '-' || c == '_' || (c >= '0' && c <= '9'))));
	}
	if (!fits || locale.len == 1)
		fault(plan, SIGN_UP_LOCALE, "ERR_INCLUSION", "is not included in the list");
	else
		plan->row.locale = locale;
}

/* --- age --- */

struct day {
	uint64_t year, month, day;
};

/* "2001-12-31": a day that there is. */
static bool day_parse(struct str text, struct day *out)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct str year, month, day;
	if (text.len != 10 || !str_split(text, '-', &year, &month) ||
	    !str_split(month, '-', &month, &day) || year.len != 4 || month.len != 2 ||
	    !str_to_u64(year, &out->year) || !str_to_u64(month, &out->month) ||
	    !str_to_u64(day, &out->day) || out->month < 1 || out->month > 12)
		return false;
	uint64_t y = out->year;
	bool leap = out->month == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
	return y >= 1900 && out->day >= 1 && out->day <= lengths[out->month - 1] + (leap ? 1U : 0U);
}

static bool is_reached(const struct day *a, const struct day *today)
{
	if (a->year != today->year)
		return a->year < today->year;
	return a->month != today->month ? a->month < today->month : a->day <= today->day;
}

static void check_age(const struct reception *r, struct str text, struct sign_up_plan *plan)
{
	struct buf now CLEANUP(buf_free) = BUF_INIT(64);
	struct day born, today;
	if (r->settings->min_age == 0)
		return;
	text = str_trim(text);
	if (text.len == 0) {
		blank(plan, SIGN_UP_DATE_OF_BIRTH);
		return;
	}
	date_add_rfc3339(&now, clock_wall_ms(r->clock));
	if (!day_parse(text, &born) || !day_parse(str_take(buf_str(&now), 10), &today)) {
		fault(plan, SIGN_UP_DATE_OF_BIRTH, "ERR_INVALID", "is invalid");
		return;
	}
	born.year += r->settings->min_age;
	if (!is_reached(&born, &today))
		fault(plan, SIGN_UP_DATE_OF_BIRTH, "ERR_BELOW_LIMIT", "is below the age limit");
}

/* --- all of it --- */

static enum rc check(const struct reception *r, struct ctx *ctx, const struct sign_up_ask *ask,
		     struct sign_up_plan *plan)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(r->db, &txn);
	if (rc != RC_OK)
		return rc;
	check_username(r, ctx, txn, ask->username, plan);
	check_email(r, ctx, txn, ask->email, plan);
	check_password(r, ask, plan);
	if (!ask->agreed)
		fault(plan, SIGN_UP_AGREEMENT, "ERR_ACCEPTED", "must be accepted");
	check_locale(str_trim(ask->locale), plan);
	check_reason(r, ask, plan);
	check_age(r, ask->date_of_birth, plan);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && arena_failed(ctx->arena))
		rc = RC_NO_MEMORY;
	return rc == RC_OK && plan->faults.count != 0 ? RC_INVALID : rc;
}

bool sign_up_is_closed(const struct reception *r, struct str client)
{
	return r->settings->mode == SIGN_UP_CLOSED ||
	       barred_client(r->bars, client) >= BARRED_SIGN_UP;
}

/* S-106 */
static bool may_make(const struct reception *r, const struct sign_up_ask *ask,
		     const struct sign_up_plan *plan)
{
	return gate_client(r->gate, GATE_SIGN_UP, ask->client) &&
	       gate_subject(r->gate, GATE_CONFIRM, plan->email) &&
	       gate_subject(r->gate, GATE_SIGN_UP, STR(""));
}

enum rc sign_up_prepare(const struct reception *r, struct ctx *ctx, const struct sign_up_ask *ask,
			struct sign_up_plan *plan)
{
	uint64_t now_ms = clock_wall_ms(r->clock);
	*plan = (struct sign_up_plan){
		.email = STR(""),
		.wanted = { .display_name = STR(""), .note = STR(""), .email = STR("") },
		.row = { .app = ask->app,
			 .asked_ms = now_ms,
			 .address = ask->client,
			 .locale = STR("") },
		.needs_approval = r->settings->mode == SIGN_UP_APPROVAL ||
				  barred_client(r->bars, ask->client) == BARRED_APPROVAL,
	};
	if (sign_up_is_closed(r, ask->client))
		return RC_DENIED;
	if (!gate_client(r->gate, GATE_SIGN_UP_TRY, ask->client))
		return RC_BLOCKED;
	enum rc rc = check(r, ctx, ask, plan);
	if (rc == RC_OK && !may_make(r, ask, plan))
		rc = RC_BLOCKED;
	if (rc == RC_OK)
		rc = sign_in_hash(r->sign_in, ctx, ask->password, &plan->wanted.password_hash);
	if (rc == RC_OK)
		rc = sign_in_keys(r->sign_in, ctx, r->seal,
				  site_actor_uri(ctx->arena, r->site, plan->wanted.username),
				  now_ms, &plan->secrets);
	plan->wanted.email_next = plan->email;
	plan->wanted.waiting =
		ACCOUNT_UNCONFIRMED | (plan->needs_approval ? ACCOUNT_UNAPPROVED : 0U);
	return rc;
}

enum rc sign_up_make(struct social *s, const struct sign_up_plan *plan, struct account *out)
{
	struct sign_up row = plan->row;
	enum rc rc = account_create(s, &plan->wanted, &plan->secrets, out);
	if (rc != RC_OK)
		return rc;
	row.account = out->id;
	sign_up_put(s->txn, &row);
	return act_end(s, RC_OK);
}
