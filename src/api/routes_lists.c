/* Lists of people, and their members. */
#include "community_int.h"

#include "social/act.h"
#include "social/keep.h"

#define PEOPLE_DEFAULT 40
#define PEOPLE_MOST 80

/* --- looking --- */

/* Those that somebody made, and one for each community that they have joined. */
#define LISTS_SHOWN_MAX (LISTS_MAX + COMMUNITIES_JOINED_MAX)

/* RC_NOT_FOUND when there is nobody to ask about. */
typedef enum rc lists_find(struct call *call, struct gather *g, struct list out[LISTS_SHOWN_MAX],
			   size_t *count);

static void reply_lists(struct call *call, lists_find *find)
{
	struct list *lists = ARENA_ARRAY(call->ctx->arena, LISTS_SHOWN_MAX, struct list);
	struct gather g;
	size_t n = 0;
	enum rc rc = lists != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = gather_end(&g, find(call, &g, lists, &n));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_list(w, &lists[i]);
	jw_end(w);
	reply_end(call, 200);
}

static enum rc find_all(struct call *call, struct gather *g, struct list out[LISTS_SHOWN_MAX],
			size_t *count)
{
	*count = list_all(g->txn, g->arena, call->viewer.account, out);
	*count += communities_as_lists(g->txn, g->arena, call->viewer.account, out + *count,
				       COMMUNITIES_JOINED_MAX);
	return RC_OK;
}

static void get_lists(struct call *call)
{
	reply_lists(call, find_all);
}

static enum rc find_with(struct call *call, struct gather *g, struct list out[LISTS_SHOWN_MAX],
			 size_t *count)
{
	uint64_t account = call_id(call, 0);
	gather_accounts(g, &account, 1);
	if (gather_account(g, account) == NULL)
		return RC_NOT_FOUND;
	*count = lists_with(g->txn, g->arena, call->viewer.account, account, out);
	/* a community that one has joined is in its own list; its members are in none */
	if (*count < LISTS_SHOWN_MAX &&
	    community_as_list(g->txn, g->arena, call->viewer.account, account, &out[*count]))
		++*count;
	return RC_OK;
}

static void get_account_lists(struct call *call)
{
	reply_lists(call, find_with);
}

static enum rc read_list(struct call *call, uint64_t id, struct list *out)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	bool there = list_get(g.txn, g.arena, call->viewer.account, id, out) ||
		     community_as_list(g.txn, g.arena, call->viewer.account, id, out);
	return gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
}

static void reply_list(struct call *call, uint64_t id)
{
	struct list list;
	enum rc rc = read_list(call, id, &list);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_list(reply_begin(call), &list);
	reply_end(call, 200);
}

static void get_list(struct call *call)
{
	reply_list(call, call_id(call, 0));
}

/* --- making and changing --- */

struct list_params {
	struct str title;
	uint32_t replies;
	enum tri exclusive;
};

/* In the order of enum replies_policy. */
static const char *const replies_words[] = { "list", "followed", "none", NULL };

static const struct param list_rows[] = {
	PARAM_STR(struct list_params, title, "title", 4096),
	PARAM_CHOICE(struct list_params, replies, "replies_policy", replies_words),
	PARAM_BOOL(struct list_params, exclusive, "exclusive"),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

static void list_fill(struct list *list, const struct list_params *p)
{
	if (p->title.ptr != NULL)
		list->title = p->title;
	if (p->replies != NO_CHOICE)
		list->replies = (enum replies_policy)p->replies;
	if (p->exclusive != TRI_UNSET)
		list->exclusive = p->exclusive == TRI_YES;
}

static enum rc make_list(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	return act_list_make(s, actor, arg);
}

static enum rc change_list(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	return act_list_change(s, actor, arg);
}

static void save_list(struct call *call, own_act *act, struct list *list)
{
	list_fill(list, call->params);
	if (str_trim(list->title).len == 0) {
		reply_invalid(call, "title", "ERR_BLANK", "Title can't be blank");
		return;
	}
	enum rc rc = own_do(call, OWN_MAKE, 0, act, list);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_list(call, list->id);
}

static void post_list(struct call *call)
{
	struct list list = { .title = STR("") };
	save_list(call, make_list, &list);
}

/* The list of a community is what the community is. */
static bool is_community(struct call *call, uint64_t id)
{
	struct list list;
	struct gather g;
	if (gather_begin(&g, call) != RC_OK)
		return false;
	bool there = community_as_list(g.txn, g.arena, call->viewer.account, id, &list);
	return gather_end(&g, RC_OK) == RC_OK && there;
}

static void refuse_change(struct call *call)
{
	reply_error(
		call, 422,
		"This list is a community: it changes with it. \"Show boosts\" of its account puts "
		"its posts into the home timeline; deleting the list leaves the community");
}

static void put_list(struct call *call)
{
	struct list list;
	enum rc rc = read_list(call, call_id(call, 0), &list);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else if (is_community(call, list.id))
		refuse_change(call);
	else
		save_list(call, change_list, &list);
}

static enum rc drop_list(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	return act_list_drop(s, actor, *(const uint64_t *)arg);
}

static enum rc leave(struct social *s, const struct account *actor, const struct account *target,
		     void *arg UNUSED)
{
	return act_unfollow(s, actor, target);
}

static void delete_list(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = is_community(call, id) ? own_do(call, OWN_MAKE, id, leave, NULL)
					    : own_do(call, OWN_MAKE, 0, drop_list, &id);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

/* --- members --- */

struct members_params {
	struct paging page;
};

static const struct param members_rows[] = {
	PAGING_PARAMS(struct members_params, page, PEOPLE_DEFAULT, PEOPLE_MOST),
};
PARAM_TABLE(members_params, struct members_params, members_rows);

static void get_members(struct call *call)
{
	const struct members_params *p = call->params;
	struct page page = page_of(&p->page);
	struct shelved items[PEOPLE_MOST];
	struct list list;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	bool group =
		community_as_list(g.txn, g.arena, call->viewer.account, call_id(call, 0), &list);
	if (!group && !list_get(g.txn, g.arena, call->viewer.account, call_id(call, 0), &list)) {
		reply_rc(call, gather_end(&g, RC_NOT_FOUND));
		return;
	}
	/* who is in a community is nobody's list */
	size_t n = group ? 0
			 : shelf_list(g.txn, g.arena, SHELF_LISTED, list.id, &page, items,
				      p->page.limit);
	reply_shelved_accounts(call, &g, items, n, n == p->page.limit);
}

struct change_params {
	struct id_list accounts;
};

static const struct param change_rows[] = {
	PARAM_IDS(struct change_params, accounts, "account_ids"),
};
PARAM_TABLE(change_params, struct change_params, change_rows);

struct membership {
	uint64_t list;
	const struct id_list *accounts;
};

static enum rc add_members(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	const struct membership *m = arg;
	return act_list_add(s, actor, m->list, m->accounts->list, m->accounts->count);
}

static enum rc remove_members(struct social *s, const struct account *actor,
			      const struct account *target UNUSED, void *arg)
{
	const struct membership *m = arg;
	return act_list_remove(s, actor, m->list, m->accounts->list, m->accounts->count);
}

static void change_members(struct call *call, own_act *act)
{
	const struct change_params *p = call->params;
	struct membership m = { call_id(call, 0), &p->accounts };
	if (is_community(call, m.list)) {
		refuse_change(call);
		return;
	}
	enum rc rc = own_do(call, OWN_MAKE, 0, act, &m);
	if (rc == RC_EXISTS)
		reply_invalid(call, "account", "ERR_TAKEN", "Account has already been taken");
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

static void post_members(struct call *call)
{
	change_members(call, add_members);
}

static void delete_members(struct call *call)
{
	change_members(call, remove_members);
}

#define LISTS "/api/v1/lists"
#define READ SCOPE(READ_LISTS)
#define WRITE SCOPE(WRITE_LISTS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, LISTS, USER, READ, COMMON, NULL, get_lists },
	{ HTTP_GET, LISTS "/:id", USER, READ, COMMON, NULL, get_list },
	{ HTTP_POST, LISTS, USER, WRITE, COMMON, &list_params, post_list },
	{ HTTP_PUT, LISTS "/:id", USER, WRITE, COMMON, &list_params, put_list },
	{ HTTP_DELETE, LISTS "/:id", USER, WRITE, COMMON, NULL, delete_list },
	{ HTTP_GET, LISTS "/:id/accounts", USER, READ, COMMON, &members_params, get_members },
	{ HTTP_POST, LISTS "/:id/accounts", USER, WRITE, COMMON, &change_params, post_members },
	{ HTTP_DELETE, LISTS "/:id/accounts", USER, WRITE, COMMON, &change_params, delete_members },
	{ HTTP_GET, "/api/v1/accounts/:id/lists", USER, READ, COMMON, NULL, get_account_lists },
};
API_ROWS_END
const struct api_route_table lists_api = { routes, ARRAY_LEN(routes) };
