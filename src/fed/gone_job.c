/*
 * A deletion that somebody else passes on: its origin is asked whether the post is still there. 410,
 * a Tombstone or, of a post for everybody, 404 end it here (S-006); anything else leaves it alone.
 */
#include "core/must.h"
#include "incoming_int.h"
#include "store/status.h"

/* One question; lives from the job's run to its answer. */
struct asking_gone {
	struct fed *fed;
	struct ctx ctx;
	struct str uri;
	void (*done)(void *arg, bool gone, enum rc rc, const char *reason);
	void *arg;
};

/* We ask as nobody in particular: of what is not for everybody, 404 is the answer while it is there. */
static bool is_for_all(struct asking_gone *a)
{
	struct status status;
	struct db_txn *txn;
	if (db_read_begin(a->fed->db, &txn) != RC_OK)
		return false;
	bool open = status_find_uri(txn, a->ctx.arena, a->uri, &status) &&
		    visibility_is_open(status.visibility);
	db_read_end(&txn);
	return open;
}

static void gone_came(void *arg, enum rc rc, struct document *doc)
{
	struct asking_gone *a = arg;
	struct arena *arena = a->ctx.arena;
	bool gone = rc == RC_GONE || (rc == RC_NOT_FOUND && is_for_all(a));
	if (rc == RC_OK)
		gone = ap_type_class(jr_get(jr_root(doc->doc), "type")) == AP_CLASS_TOMBSTONE;
	a->done(a->arg, gone, gone ? RC_OK : rc, err_text(&a->ctx.err));
	arena_free(&arena);
}

void gone_ask(struct fed *fed, struct str uri,
	      void (*done)(void *arg, bool gone, enum rc rc, const char *reason), void *arg)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct asking_gone *a = ARENA_NEW(arena, struct asking_gone);
	must(a != NULL);
	*a = (struct asking_gone){ .fed = fed,
				   .ctx = { .arena = arena },
				   .uri = arena_str(arena, uri),
				   .done = done,
				   .arg = arg };
	document_fetch(fed, &a->ctx, a->uri, gone_came, a);
}

enum rc gone_apply(struct social *s, struct str uri)
{
	struct status status;
	struct account author;
	if (!status_find_uri(s->txn, s->ctx->arena, uri, &status) ||
	    !account_get(s->txn, s->ctx->arena, status.account, &author) ||
	    account_is_local(&author))
		return RC_NOT_FOUND;
	return act_delete(s, &author, status.id);
}
