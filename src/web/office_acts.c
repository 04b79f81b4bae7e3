/* What those who look after a community do in its office. */
#include "media/media.h"
#include "office_int.h"
#include "social/community.h"
#include "social/community_keep.h"

/* Whom the form names: by id, or by a handle that a person has typed. */
static enum rc find_who(struct social *s, struct office_act *act)
{
	return act->account != 0 ? RC_OK : page_find_handle(s, act->who, &act->account);
}

static enum rc find_role(struct social *s, const struct office_act *act, struct community_role *out)
{
	if (community_role_named(s->txn, s->ctx->arena, act->community, act->role, out))
		return RC_OK;
	return ctx_fail(s->ctx, RC_INVALID, "there is no such role");
}

static uint64_t until(struct social *s, const struct office_act *act)
{
	return act->days != 0 ? db_txn_now(s->txn) + act->days * MS_PER_DAY : 0;
}

static enum rc run_admit(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_admit(s, actor, act->community, act->account, true);
}

static enum rc run_refuse(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_admit(s, actor, act->community, act->account, false);
}

static enum rc run_appoint(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community_role role;
	enum rc rc = find_who(s, act);
	if (rc == RC_OK)
		rc = find_role(s, act, &role);
	return rc == RC_OK ? community_appoint(s, actor, act->community, act->account, role.id)
			   : rc;
}

static enum rc run_put_out(struct social *s, const struct account *actor, struct office_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? community_admit(s, actor, act->community, act->account, false) : rc;
}

static enum rc run_ban(struct social *s, const struct account *actor, struct office_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? community_ban(s, actor, act->community, act->account, act->reason,
					   until(s, act))
			   : rc;
}

static enum rc run_unban(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_unban(s, actor, act->community, act->account);
}

static bool is_there(struct social *s, const struct office_act *act)
{
	struct community_post place;
	return community_post_get(s->txn, act->community, act->id, &place);
}

static enum rc run_approve(struct social *s, const struct account *actor, struct office_act *act)
{
	return is_there(s, act) ? community_approve(s, actor, act->id, act->seen_ms, act->reason)
				: RC_NOT_FOUND;
}

static enum rc run_reject(struct social *s, const struct account *actor, struct office_act *act)
{
	return is_there(s, act)
		       ? community_moderate(s, actor, act->id, COMMUNITY_ACT_REFUSE, act->reason)
		       : RC_NOT_FOUND;
}

static enum rc run_invite(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community_invite invite = { .community = act->community,
					   .until_ms = until(s, act),
					   .limit = (uint32_t)act->uses };
	struct community_role role = { .id = 0 };
	enum rc rc = act->role.len != 0 ? find_role(s, act, &role) : RC_OK;
	invite.role = role.id;
	return rc == RC_OK ? community_invite(s, actor, act->secret, &invite) : rc;
}

static enum rc run_uninvite(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_uninvite(s, actor, act->community, act->id);
}

static enum rc run_change(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community c;
	if (!community_get(s->txn, s->ctx->arena, act->community, &c))
		return RC_NOT_FOUND;
	enum rc rc = community_words_apply(s->ctx, &act->words, &c);
	return rc == RC_OK ? community_change_all(s, actor, &c, &act->profile) : rc;
}

static enum rc run_role(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_role_change(s, actor, act->community, &act->own_role);
}

static enum rc run_role_drop(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_role_drop(s, actor, act->community, act->id);
}

static enum rc run_transfer(struct social *s, const struct account *actor, struct office_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? community_transfer(s, actor, act->community, act->account) : rc;
}

/* It is not asked for by mistake: its name was typed. */
static enum rc run_close(struct social *s, const struct account *actor, struct office_act *act)
{
	struct account group;
	if (!account_get(s->txn, s->ctx->arena, act->community, &group))
		return RC_NOT_FOUND;
	if (!str_eq_nocase(act->who, group.username))
		return ctx_fail(s->ctx, RC_INVALID, "that is not the name of this community");
	return community_close(s, actor, act->community);
}

static enum rc run_make(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community c = { .parent = act->parent, .kind = STR("") };
	struct account made;
	enum rc rc = community_may_found(s, actor->id);
	if (rc == RC_OK)
		rc = community_create(s, actor, &act->made, &act->secrets, &c, &made);
	act->community = c.id;
	return rc == RC_EXISTS ? ctx_fail(s->ctx, RC_EXISTS, "that name is taken") : rc;
}

/* --- reading forms --- */

static enum rc read_settings(struct asking *a, struct office_act *act)
{
	struct community_words *w = &act->words;
	*w = (struct community_words){ .kind = str_trim(asking_field(a, "kind")),
				       .join = asking_field(a, "join"),
				       .sight = asking_field(a, "sight"),
				       .posting = asking_field(a, "posting"),
				       .premoderated = asking_field(a, "premoderated"),
				       .slow = str_trim(asking_field(a, "slow")),
				       .retention = str_trim(asking_field(a, "retention")),
				       .match = asking_field(a, "match"),
				       .others = asking_field(a, "others"),
				       .grace = str_trim(asking_field(a, "grace")) };
	enum rc rc = office_read_lines(a, "languages", ',', &w->languages);
	if (rc == RC_OK)
		rc = office_read_lines(a, "rules", '\n', &w->rules);
	if (rc == RC_OK)
		rc = office_read_lines(a, "flairs", '\n', &w->flairs);
	if (rc == RC_OK)
		rc = office_read_lines(a, "tags", ',', &w->tags);
	if (rc == RC_OK)
		rc = office_read_lines(a, "conditions", '\n', &w->conditions);
	if (rc == RC_OK)
		rc = community_profile_make(&a->req->ctx, a->web->site, asking_field(a, "title"),
					    asking_field(a, "description"), &act->profile);
	return rc;
}

/* --- pictures --- */

/* RC_OK without a file, too. */
static enum rc take_picture(struct asking *a, const char *name, enum medium_use use,
			    struct community_picture *out)
{
	struct ctx *ctx = &a->req->ctx;
	const struct multipart_part *file = asking_file(a, name);
	if (file == NULL)
		return RC_OK;
	if (a->web->media == NULL)
		return ctx_fail(ctx, RC_BUSY, "no pictures are taken now");
	struct media_upload upload = { .owner = a->account.id,
				       .shape = use,
				       .bytes = file->bytes,
				       .thumbnail = STR(""),
				       .description = STR("") };
	enum rc rc = media_submit_wait(a->web->media, ctx, &upload, &out->medium);
	/* what is wrong with a file is for who has sent it to see; that a store refuses this node is not */
	if (rc == RC_UNSUPPORTED || rc == RC_TIMEOUT)
		return RC_INVALID;
	return rc == RC_DENIED ? RC_IO : rc;
}

/* What is typed empty says nothing of a new picture, and takes away what was said of the old one. */
static enum rc read_picture(struct asking *a, const char *name, enum medium_use use,
			    struct community_picture *out)
{
	struct arena *arena = a->req->ctx.arena;
	struct str description = arena_printf(arena, "%s_description", name),
		   gone = arena_printf(arena, "%s_gone", name);
	if (description.ptr == NULL || gone.ptr == NULL)
		return RC_NO_MEMORY;
	out->gone = asking_field(a, gone.ptr).len != 0;
	enum rc rc =
		community_picture_describe(&a->req->ctx, asking_field(a, description.ptr), out);
	return rc == RC_OK && !out->gone ? take_picture(a, name, use, out) : rc;
}

static enum rc read_pictures(struct asking *a, struct office_act *act)
{
	enum rc rc = community_profile_make(&a->req->ctx, a->web->site, STR_NONE, STR_NONE,
					    &act->profile);
	act->profile.uploader = a->account.id;
	if (rc == RC_OK)
		rc = read_picture(a, "avatar", MEDIUM_AVATAR, &act->profile.avatar);
	return rc == RC_OK ? read_picture(a, "header", MEDIUM_HEADER, &act->profile.header) : rc;
}

static enum rc run_pictures(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_profile_change(s, actor, act->community, &act->profile);
}

static enum rc read_role(struct asking *a, struct office_act *act)
{
	uint64_t position;
	enum rc rc = office_read_number(a, "position", UINT32_MAX, "the place", &position);
	act->own_role = (struct community_role){ .id = act->id,
						 .position = (uint32_t)position,
						 .name = str_trim(asking_field(a, "name")) };
	for (unsigned bit = 1; bit <= COMMUNITY_MAY_ALL; bit <<= 1) {
		const char *name = community_permission_name(bit);
		struct str field =
			name != NULL ? office_permission_field(a->req->ctx.arena, name) : STR_NONE;
		if (field.ptr != NULL && asking_field(a, field.ptr).len != 0)
			act->own_role.permissions |= bit;
	}
	return rc;
}

static enum rc read_invite(struct asking *a, struct office_act *act)
{
	act->secret = community_secret_make(a->req->ctx.arena);
	return act->secret.ptr != NULL ? RC_OK : RC_NO_MEMORY;
}

static enum rc read_new(struct asking *a, struct office_act *act)
{
	struct ctx *ctx = &a->req->ctx;
	struct str name = str_trim(asking_field(a, "name"));
	act->made = (struct new_account){ .username = name,
					  .display_name = str_trim(asking_field(a, "title")),
					  .note = asking_field(a, "description") };
	enum rc rc = community_found_check(ctx, a->web->reception, a->web->db, a->account.id, name);
	if (rc != RC_OK)
		return rc;
	return account_keys_make(ctx, a->web->seal, site_actor_uri(ctx->arena, a->web->site, name),
				 clock_wall_ms(a->web->clock), &act->secrets);
}

/* --- after it --- */

static void after_invite(struct asking *a, const struct office_act *act)
{
	const struct office_told told = { .complaint = STR(""),
					  .receipt = STR(""),
					  .invitation = community_invite_url(a->req->ctx.arena,
									     a->web->site->base,
									     act->secret) };
	office_show(a, 200, &told);
}

static void after_make(struct asking *a, const struct office_act *act)
{
	office_go(a, act->community);
}

static void after_close(struct asking *a, const struct office_act *act UNUSED)
{
	office_go(a, 0);
}

const struct office_step office_steps[] = {
	{ "make", run_make, read_new, after_make, true },
	{ "admit", run_admit, NULL, NULL, false },
	{ "refuse", run_refuse, NULL, NULL, false },
	{ "approve", run_approve, NULL, NULL, false },
	{ "reject", run_reject, NULL, NULL, false },
	{ "appoint", run_appoint, NULL, NULL, false },
	{ "put_out", run_put_out, NULL, NULL, false },
	{ "ban", run_ban, NULL, NULL, false },
	{ "unban", run_unban, NULL, NULL, false },
	{ "invite", run_invite, read_invite, after_invite, false },
	{ "uninvite", run_uninvite, NULL, NULL, false },
	{ "change", run_change, read_settings, NULL, false },
	{ "pictures", run_pictures, read_pictures, NULL, false },
	{ "role", run_role, read_role, NULL, false },
	{ "role_drop", run_role_drop, NULL, NULL, false },
	{ "transfer", run_transfer, NULL, NULL, false },
	{ "close", run_close, NULL, after_close, false },
};
const size_t office_step_count = ARRAY_LEN(office_steps);
