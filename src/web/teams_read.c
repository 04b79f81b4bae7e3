/* Reading what waits in somebody's teams, with all that would be published. */
#include "teams_int.h"

#include "media/media.h"
#include "social/moderate.h"
#include "store/medium.h"

#define DRAFTS_SHOWN 50

size_t asking_teams(struct asking *a, struct db_txn *txn, struct team_choice *out, size_t count)
{
	struct arena *arena = a->req->ctx.arena;
	struct team_member rows[TEAMS_OF_MAX];
	size_t n = 0, found = teams_of(txn, a->account.id, 0, rows, TEAMS_OF_MAX);
	for (size_t i = 0; i < found && n < count; i++) {
		out[n].role = team_role_of(txn, arena, rows[i].team, a->account.id);
		n += out[n].role != TEAM_NOBODY &&
		     account_get(txn, arena, rows[i].team, &out[n].account);
	}
	return n;
}

/* --- what is attached --- */

static struct str url_of(struct asking *a, const struct medium_file *file)
{
	struct arena *arena = a->req->ctx.arena;
	struct str path = media_file_path(arena, file);
	return path.ptr != NULL && file->type.len != 0 ? arena_join(arena, a->web->site->base, path)
						       : STR("");
}

static enum attachment_kind kind_of(const struct medium *m)
{
	static const enum attachment_kind kinds[] = { [MEDIA_IMAGE] = ATTACHMENT_IMAGE,
						      [MEDIA_VIDEO] = ATTACHMENT_VIDEO,
						      [MEDIA_AUDIO] = ATTACHMENT_AUDIO,
						      [MEDIA_DOCUMENT] = ATTACHMENT_BY_TYPE };
	const struct media_type *type = media_type_by_name(m->file.type);
	return type != NULL ? kinds[type->kind] : ATTACHMENT_BY_TYPE;
}

static void add_medium(struct asking *a, struct db_txn *txn, uint64_t id,
		       struct team_draft_view *out)
{
	struct medium m;
	if (out->media_count == ARRAY_LEN(out->media) ||
	    !medium_get(txn, a->req->ctx.arena, id, &m))
		return;
	const bool ready = m.state == MEDIUM_READY;
	const struct medium_file *shown = m.small.type.len != 0 ? &m.small : &m.file;
	out->media[out->media_count++] =
		(struct draft_medium){ .kind = kind_of(&m),
				       .url = ready ? url_of(a, &m.file) : STR(""),
				       .small = ready ? url_of(a, &m.small) : STR(""),
				       .width = shown->width,
				       .height = shown->height,
				       .description = m.description };
}

/* A change that says nothing of them leaves them as they are. */
static void keep_media(struct team_draft_view *out)
{
	const struct status *s = &out->changes;
	for (unsigned i = 0; i < s->attachment_count && i < ARRAY_LEN(out->media); i++) {
		const struct status_attachment *at = &s->attachments[i];
		out->media[out->media_count++] = (struct draft_medium){
			.kind = attachment_kind_of(at),
			.url = at->url,
			.small = at->preview.ptr != NULL ? at->preview : STR(""),
			.width = at->width,
			.height = at->height,
			.description = at->description,
		};
	}
}

/* --- drafts --- */

/* What the team sees of it: an answer to, or a quote of, what it does not see says so by having no link. */
static void read_other(struct asking *a, struct db_txn *txn, uint64_t team, uint64_t id,
		       struct status *out, struct account *author)
{
	struct arena *arena = a->req->ctx.arena;
	const struct viewer viewer = { team, VIEWER_HERE };
	if (id == 0 || !status_get(txn, arena, id, out) ||
	    !account_get(txn, arena, out->account, author) || !may_see(txn, viewer, out, author))
		out->id = 0;
}

static void read_parts(struct asking *a, struct db_txn *txn, struct team_draft_view *out)
{
	const struct post_params *p = out->params;
	const uint64_t team = out->row.account;
	read_other(a, txn, team, out->row.edits, &out->changes, &out->changes_author);
	read_other(a, txn, team, p->parent, &out->parent, &out->parent_author);
	read_other(a, txn, team, p->quote, &out->quoted, &out->quoted_author);
	if (p->keeps_media && out->changes.id != 0)
		keep_media(out);
	for (unsigned i = 0; !p->keeps_media && i < p->media_count; i++)
		add_medium(a, txn, p->media[i], out);
}

/* Whether it is theirs, and what they may do with it, is asked once more when they do. */
static bool draft_read(struct asking *a, struct db_txn *txn, const struct team_choice *team,
		       const struct scheduled *row, struct team_draft_view *out)
{
	struct ctx *ctx = &a->req->ctx;
	const uint64_t person = a->account.id;
	struct post_params *params = ARENA_NEW(ctx->arena, struct post_params);
	struct draft draft = { .id = 0 };
	if (row->owner == 0 || !team_may_look(team->role, person, row) || params == NULL ||
	    !account_get(txn, ctx->arena, row->writer, &out->writer))
		return false;
	/* what it would change may be gone: it is shown all the same */
	enum rc rc = schedule_load(ctx, txn, row, params, &draft);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return false;
	out->row = *row;
	out->params = params;
	out->visibility = draft.visibility;
	out->may_review = row->state == SCHEDULED_WAITING && !team_has_written(row, person) &&
			  row->owner != person && team_role_may(team->role, TEAM_MAY(REVIEW));
	out->may_write = row->owner == person && row->state != SCHEDULED_DUE;
	out->may_drop = team_may_drop(team->role, person, row);
	read_parts(a, txn, out);
	return true;
}

static void read_drafts(struct asking *a, struct db_txn *txn, const struct team_choice *team,
			struct team_view *out)
{
	struct arena *arena = a->req->ctx.arena;
	struct scheduled *rows = ARENA_ARRAY(arena, DRAFTS_SHOWN, struct scheduled);
	out->team = team;
	size_t n = rows != NULL ? scheduled_list(txn, arena, team->account.id, &PAGE_ALL, rows,
						 DRAFTS_SHOWN)
				: 0;
	out->drafts = ARENA_ARRAY(arena, n, struct team_draft_view);
	if (out->drafts == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		out->count += draft_read(a, txn, team, &rows[i], &out->drafts[out->count]);
}

enum rc teams_read(struct asking *a, struct teams_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct team_choice *teams = ARENA_ARRAY(arena, TEAMS_OF_MAX, struct team_choice);
	struct db_txn *txn = NULL;
	page->form = asking_view(a);
	page->form.token = asking_token(a, TEAMS_PURPOSE);
	page->form.query = STR("");
	page->teams = ARENA_ARRAY(arena, TEAMS_OF_MAX, struct team_view);
	enum rc rc = teams != NULL && page->teams != NULL ? db_read_begin(a->web->db, &txn)
							  : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	page->count = asking_teams(a, txn, teams, TEAMS_OF_MAX);
	page->may_make = role_permits(txn, arena, a->account.id, PERMISSION_MANAGE_USERS);
	for (size_t i = 0; i < page->count; i++)
		read_drafts(a, txn, &teams[i], &page->teams[i]);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && arena_failed(arena) ? RC_NO_MEMORY : rc;
}
