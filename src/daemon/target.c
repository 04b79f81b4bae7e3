/* Whom or what a word on the command line means. Reads in short transactions; command's thread. */
#include "target.h"

#include "reach.h"
#include "store/uri.h"
#include "text/acct.h"

/* A question to the store that is asked in a snapshot of its own. */
struct look {
	struct str user, host; /* a handle */
	struct str uri;	       /* or an address */
	uint64_t id;	       /* or an id */
};

static bool find_account(struct db_txn *txn, struct arena *arena, const struct look *look,
			 struct account *out)
{
	if (look->id != 0)
		return account_get(txn, arena, look->id, out);
	if (look->uri.len != 0)
		return account_find_uri(txn, arena, look->uri, out);
	return account_find_handle(txn, arena, look->user, look->host, out);
}

static bool find_status(struct db_txn *txn, struct arena *arena, const struct look *look,
			struct status *out)
{
	if (look->id != 0)
		return status_get(txn, arena, look->id, out);
	return status_find_uri(txn, arena, look->uri, out);
}

/* RC_NOT_FOUND without a word in ctx: there may be another way. */
static enum rc look_up(struct cli *cli, struct node *node, const struct look *look,
		       struct account *account, struct status *status)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	bool found = account != NULL ? find_account(txn, cli->ctx.arena, look, account)
				     : find_status(txn, cli->ctx.arena, look, status);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	return found ? RC_OK : RC_NOT_FOUND;
}

static bool is_address(struct str word)
{
	return str_has_prefix(word, STR("https://")) || str_has_prefix(word, STR("http://"));
}

/* "https://host/@alice" of ours names who "alice" does. */
static struct str profile_user(const struct node *node, struct str uri)
{
	struct str rest = str_skip(uri, node->site.base.len);
	if (!str_has_prefix(uri, node->site.base) || !str_has_prefix(rest, STR("/@")) ||
	    str_index(str_skip(rest, 2), '/') != rest.len - 2)
		return STR_NONE;
	return str_skip(rest, 2);
}

/* "https://host/@alice/17" of ours names status 17. */
static uint64_t page_id(const struct node *node, struct str uri)
{
	uint64_t id = 0;
	struct str rest = str_skip(uri, node->site.base.len);
	if (!str_has_prefix(uri, node->site.base) || !str_has_prefix(rest, STR("/@")) ||
	    !str_to_u64(str_skip(rest, str_rindex(rest, '/') + 1), &id))
		return 0;
	return id;
}

static enum rc parse_address(struct cli *cli, const struct node *node, struct str word,
			     struct str *out)
{
	struct iri iri;
	enum rc rc = iri_parse(&cli->ctx, word, node->site.iri_flags, &iri);
	if (rc != RC_OK) {
		cli->exit_code = EXIT_USAGE;
		return rc;
	}
	*out = iri.text;
	return RC_OK;
}

/* --- people --- */

static enum rc account_look_of(struct cli *cli, const struct node *node, struct str word,
			       struct look *look)
{
	struct acct acct;
	*look = (struct look){ .id = 0 };
	if (is_address(word)) {
		enum rc rc = parse_address(cli, node, word, &look->uri);
		struct str user = rc == RC_OK ? profile_user(node, look->uri) : STR_NONE;
		if (user.len != 0)
			*look = (struct look){ .user = user };
		return rc;
	}
	struct ctx sub = { .arena = cli->ctx.arena };
	if (acct_parse(&sub, word, node->site.iri_flags, &acct) != RC_OK)
		return usage_fail(cli, "\"%.*s\": %s", STR_ARG(str_take(word, 80)),
				  err_text(&sub.err));
	look->user = acct.user;
	if (!str_eq(acct.host, node->site.domain) && !str_eq(acct.host, node->site.host))
		look->host = acct.host;
	return RC_OK;
}

static enum rc account_reach(struct cli *cli, struct node *node, const struct look *look,
			     struct account *out)
{
	struct look found = { .id = 0 };
	enum rc rc = look->uri.len != 0
			     ? reach_actor(cli, node, look->uri, &found.id)
			     : reach_handle(cli, node, look->user, look->host, &found.id);
	return rc == RC_OK ? look_up(cli, node, &found, out, NULL) : rc;
}

enum rc target_account(struct cli *cli, struct node *node, struct str word, enum target_range range,
		       struct account *out)
{
	struct look look, by_id = { .id = 0 };
	enum rc rc = account_look_of(cli, node, word, &look);
	if (rc != RC_OK)
		return rc;
	rc = look_up(cli, node, &look, out, NULL);
	bool elsewhere =
		look.host.len != 0 || (look.uri.len != 0 && !site_owns_text(&node->site, look.uri));
	if (rc == RC_NOT_FOUND && range == TARGET_FETCH && elsewhere)
		rc = account_reach(cli, node, &look, out);
	else if (rc == RC_NOT_FOUND && str_to_u64(word, &by_id.id) && by_id.id != 0)
		rc = look_up(cli, node, &by_id, out, NULL);
	if (rc == RC_OK && range == TARGET_LOCAL && !account_is_local(out))
		rc = ctx_fail(&cli->ctx, RC_INVALID, "%.*s is not of this node", STR_ARG(word));
	if (rc == RC_NOT_FOUND)
		return ctx_fail(&cli->ctx, rc, "nobody is known as %.*s",
				STR_ARG(str_take(word, 120)));
	return rc;
}

struct str target_handle(struct arena *arena, const struct node *node, const struct account *a)
{
	struct str host = a->domain.len != 0 ? a->domain : node->site.domain;
	return arena_printf(arena, "%.*s@%.*s", STR_ARG(a->username), STR_ARG(host));
}

/* --- posts --- */

enum rc target_status(struct cli *cli, struct node *node, struct str word, enum target_range range,
		      struct status *out)
{
	struct look look = { .id = 0 };
	enum rc rc = RC_OK;
	if (!is_address(word)) {
		if (!str_to_u64(word, &look.id) || look.id == 0)
			return usage_fail(cli,
					  "\"%.*s\" is neither the id of a post nor an address",
					  STR_ARG(str_take(word, 80)));
	} else {
		rc = parse_address(cli, node, word, &look.uri);
		if (rc == RC_OK && page_id(node, look.uri) != 0)
			look = (struct look){ .id = page_id(node, look.uri) };
	}
	if (rc == RC_OK)
		rc = look_up(cli, node, &look, NULL, out);
	if (rc == RC_NOT_FOUND && range == TARGET_FETCH && look.uri.len != 0 &&
	    !site_owns_text(&node->site, look.uri)) {
		struct look found = { .id = 0 };
		rc = reach_object(cli, node, look.uri, &found.id);
		if (rc == RC_OK)
			rc = look_up(cli, node, &found, NULL, out);
	}
	if (rc == RC_NOT_FOUND)
		return ctx_fail(&cli->ctx, rc, "there is no post %.*s",
				STR_ARG(str_take(word, 160)));
	return rc;
}
