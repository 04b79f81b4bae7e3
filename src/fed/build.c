/* Our rows become documents: actors, notes, activities. Reads in the caller's transaction, writes
 * JSON. */
#include "ap/write.h"
#include "collection_int.h"
#include "community_fed_int.h"
#include "core/must.h"
#include "event_int.h"
#include "interact_int.h"
#include "joint_fed_int.h"
#include "ledger_fed_int.h"
#include "poll_int.h"
#include "relay_int.h"
#include "social/thread.h"
#include "store/graph.h"
#include "store/report.h"

/* --- actors --- */

/* A text of the key, or nothing. */
static struct str key_text(struct ctx *ctx, struct str public_der,
			   enum rc (*write)(struct str, struct buf *))
{
	struct buf text = BUF_INIT(8192);
	enum rc rc = write(public_der, &text);
	struct str kept = arena_take_buf(ctx->arena, &text);
	return rc == RC_OK ? kept : STR_NONE;
}

/* Keys that are retired but still honoured are published behind those in use, so that what is under
 * way still verifies. */
static unsigned keys_view(struct ctx *ctx, const struct account *a,
			  const struct account_secrets *secrets, uint64_t now_ms,
			  struct ap_actor_key *out)
{
	unsigned count = 0;
	for (unsigned i = 0; i < secrets->key_count; i++) {
		const struct local_key *k = &secrets->keys[i];
		struct ap_actor_key view = { .ed25519 = k->kind == KEY_ED25519 };
		if (k->retired_ms != 0 && k->retired_ms < now_ms)
			continue;
		view.multibase = key_text(ctx, k->public_der, key_multibase_of_public);
		if (!view.ed25519)
			view.pem = key_text(ctx, k->public_der, key_pem_of_public);
		if (view.multibase.len == 0)
			continue;
		view.id = arena_printf(ctx->arena, "%.*s#%.*s", STR_ARG(a->uri), STR_ARG(k->name));
		out[count++] = view;
	}
	return count;
}

enum rc build_actor(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct account *a,
		    struct jw *w, bool with_context)
{
	struct account_secrets secrets;
	struct ap_actor_key keys[LOCAL_KEYS_MAX];
	struct ap_write_field fields[ACCOUNT_FIELDS_MAX];
	struct str identities[IDENTITIES_MAX];
	if (!account_secrets_get(txn, ctx->arena, a->id, &secrets))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	for (unsigned i = 0; i < a->field_count; i++)
		fields[i] = (struct ap_write_field){ a->fields[i].name, a->fields[i].value.markup };
	for (unsigned i = 0; i < a->identity_count; i++)
		identities[i] = a->identities[i].statement;
	bool instance = (a->flags & ACCOUNT_INSTANCE) != 0;
	struct ap_actor_view view = {
		.id = a->uri,
		.type = build_actor_type(a->kind),
		.username = a->username,
		.name = a->display_name,
		.summary = a->note.markup.ptr != NULL ? a->note.markup : STR(""),
		.url = a->url,
		.inbox = a->inbox,
		.shared_inbox = a->shared_inbox,
		.outbox = a->outbox,
		.followers = a->followers,
		.following = a->following,
		.icon = a->avatar,
		.image = a->header,
		.icon_name = a->avatar_description,
		.image_name = a->header_description,
		.webfinger = arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(a->username),
					  STR_ARG(fed->site->domain)),
		.moved_to = a->moved_to,
		.aliases = a->aliases,
		.alias_count = a->alias_count,
		.server = fed->instance_uri,
		.emojis = build_emojis(fed, txn, ctx, a->emojis, a->emoji_count),
		.emoji_count = a->emoji_count,
		.fields = fields,
		.field_count = a->field_count,
		.identities = identities,
		.identity_count = a->identity_count,
		.keys = keys,
		.key_count = keys_view(ctx, a, &secrets, clock_wall_ms(fed->clock), keys),
		.locked = (a->flags & ACCOUNT_LOCKED) != 0,
		.discoverable = (a->flags & ACCOUNT_DISCOVERABLE) != 0,
		.indexable = (a->flags & ACCOUNT_INDEXABLE) != 0,
		.suspended = (a->flags & ACCOUNT_SUSPENDED) != 0,
		.memorial = (a->flags & ACCOUNT_MEMORIAL) != 0,
		.show_media = (a->flags & ACCOUNT_NO_MEDIA) == 0,
		.show_media_replies = (a->flags & ACCOUNT_NO_MEDIA_REPLIES) == 0,
		.show_featured = (a->flags & ACCOUNT_NO_FEATURED) == 0,
		.attribution = a->attribution,
		.attribution_count = a->attribution_count,
		.published_ms = a->created_ms,
		.updated_ms = a->updated_ms,
	};
	if (view.emojis == NULL)
		return RC_NO_MEMORY;
	if (!instance) {
		view.featured =
			site_actor_part(ctx->arena, fed->site, a->username, "collections/featured");
		view.featured_tags =
			site_actor_part(ctx->arena, fed->site, a->username, "collections/tags");
		build_actor_collections(fed, ctx, a, &view);
	}
	enum rc rc = build_community(fed, txn, ctx, a, &view);
	if (rc != RC_OK)
		return rc;
	if (a->took_in_ms != 0)
		view.streams =
			site_actor_part(ctx->arena, fed->site, a->username, MOVED_COLLECTION);
	ap_write_actor(w, &view, with_context);
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

/* --- audiences --- */

static bool names(const struct str *ids, unsigned count, struct str id)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_eq(ids[i], id))
			return true;
	}
	return false;
}

/* ActivityPub section 5.6 and the custom of the field: Public in to is public, in cc unlisted. */
/* Where a community is joint, what is in it is said to all who own it. */
static enum rc address_partners(struct db_txn *txn, struct ctx *ctx, const struct status *s,
				struct str *cc, struct ap_note_view *view)
{
	unsigned count;
	const struct str *partners = build_partners(txn, ctx, s->community, &count);
	if (partners == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		if (!names(cc, view->cc_count, partners[i]))
			cc[view->cc_count++] = partners[i];
	}
	return RC_OK;
}

static enum rc audience_of(struct db_txn *txn, struct ctx *ctx, const struct status *s,
			   const struct account *author, struct ap_note_view *view)
{
	bool direct = s->visibility == VISIBILITY_DIRECT || visibility_stays(s->visibility);
	struct str *to = ARENA_ARRAY(ctx->arena, s->mention_count + 1, struct str);
	struct str *cc =
		ARENA_ARRAY(ctx->arena, s->mention_count + 2 + JOINT_PARTNERS_MAX, struct str);
	if (to == NULL || cc == NULL)
		return RC_NO_MEMORY;
	view->to = to;
	view->cc = cc;
	if (s->visibility == VISIBILITY_PUBLIC)
		to[view->to_count++] = STR(AP_PUBLIC);
	else if (!direct)
		to[view->to_count++] = author->followers;
	if (s->visibility == VISIBILITY_PUBLIC)
		cc[view->cc_count++] = author->followers;
	if (s->visibility == VISIBILITY_UNLISTED)
		cc[view->cc_count++] = STR(AP_PUBLIC);
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (direct)
			to[view->to_count++] = s->mentions[i].uri;
		else
			cc[view->cc_count++] = s->mentions[i].uri;
	}
	/* FEP-1b12: it names the community that it is in */
	view->audience = visibility_is_open(s->visibility) ? build_group_uri(txn, ctx, s->community)
							   : STR("");
	if (view->audience.len != 0 && !names(cc, view->cc_count, view->audience))
		cc[view->cc_count++] = view->audience;
	return view->audience.len != 0 ? address_partners(txn, ctx, s, cc, view) : RC_OK;
}

/* --- notes --- */

static enum rc note_lists(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			  const struct status *s, struct ap_note_view *view)
{
	struct ap_write_mention *mentions =
		ARENA_ARRAY(ctx->arena, s->mention_count, struct ap_write_mention);
	struct ap_write_tag *tags = ARENA_ARRAY(ctx->arena, s->tag_count, struct ap_write_tag);
	struct ap_write_attachment *attachments =
		ARENA_ARRAY(ctx->arena, s->attachment_count, struct ap_write_attachment);
	if (mentions == NULL || tags == NULL || attachments == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < s->mention_count; i++)
		mentions[i] = (struct ap_write_mention){
			s->mentions[i].uri, arena_join(ctx->arena, STR("@"), s->mentions[i].handle)
		};
	for (unsigned i = 0; i < s->tag_count; i++)
		tags[i] = (struct ap_write_tag){ build_tag_href(fed, ctx, s->tags[i]), s->tags[i] };
	for (unsigned i = 0; i < s->attachment_count; i++) {
		const struct status_attachment *a = &s->attachments[i];
		attachments[i] = (struct ap_write_attachment){
			.url = a->url,
			.media_type = a->media_type,
			.description = a->description,
			.blurhash = a->blurhash,
			.width = a->width,
			.height = a->height,
			.has_focus = a->has_focus,
			.focus_x = a->focus_x,
			.focus_y = a->focus_y,
		};
	}
	view->emojis = build_emojis(fed, txn, ctx, s->emojis, s->emoji_count);
	view->emoji_count = view->emojis != NULL ? s->emoji_count : 0;
	view->mentions = mentions;
	view->mention_count = s->mention_count;
	view->tags = tags;
	view->tag_count = s->tag_count;
	view->attachments = attachments;
	view->attachment_count = s->attachment_count;
	return RC_OK;
}

enum rc build_note_view(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			const struct status *s, const struct account *author,
			struct ap_note_view *view)
{
	struct status_counts counts = status_counts(txn, s->id);
	*view = (struct ap_note_view){
		.id = s->uri,
		.type = s->type,
		.attributed_to = author->uri,
		.url = s->url,
		.content = s->content.markup,
		.summary = s->spoiler,
		.name = s->title,
		.language = s->language,
		.in_reply_to = s->parent_uri,
		.context = thread_context(ctx->arena, s),
		.searchable_by = s->searchable_by,
		.searchable_count = s->searchable_count,
		.sensitive = (s->flags & STATUS_SENSITIVE) != 0 || s->spoiler.len != 0,
		.published_ms = s->created_ms,
		.updated_ms = s->edited_ms,
		.replies = arena_join(ctx->arena, s->uri, STR("/replies")),
		.likes = arena_join(ctx->arena, s->uri, STR("/likes")),
		.poll = build_poll(txn, ctx, s),
		.event = build_event(txn, ctx, s),
		.shares = arena_join(ctx->arena, s->uri, STR("/shares")),
		.reply_total = counts.replies,
		.like_total = counts.likes,
		.share_total = counts.boosts,
	};
	enum rc rc = audience_of(txn, ctx, s, author, view);
	if (rc == RC_OK)
		rc = note_lists(fed, txn, ctx, s, view);
	if (rc == RC_OK && str_eq(s->type, STR("Article")))
		rc = build_preview(ctx, s, &view->preview);
	if (rc == RC_OK)
		rc = build_note_interactions(txn, ctx, s, author, view);
	return rc;
}

enum rc build_note(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct status *s,
		   const struct account *author, struct jw *w, bool with_context)
{
	struct ap_note_view view;
	enum rc rc = build_note_view(fed, txn, ctx, s, author, &view);
	if (rc == RC_OK)
		ap_write_note(w, &view, with_context);
	return rc;
}

/* --- activities --- */

static enum rc boost_activity(struct db_txn *txn, struct ctx *ctx, const struct status *boost,
			      const struct account *booster, struct jw *w, bool inner)
{
	struct status original;
	struct account author;
	if (!status_get(txn, ctx->arena, boost->boost_of, &original) ||
	    !account_get(txn, ctx->arena, original.account, &author))
		return RC_NOT_FOUND;
	bool is_public = boost->visibility == VISIBILITY_PUBLIC;
	bool narrow = boost->visibility > VISIBILITY_UNLISTED;
	struct str proof = boost->approval.authorization;
	const struct str to[] = { is_public ? STR(AP_PUBLIC) : booster->followers };
	const struct str cc[] = { author.uri, is_public ? booster->followers : STR(AP_PUBLIC) };
	ap_write_activity(w,
			  &(struct ap_activity_view){ .id = boost->uri,
						      .type = STR("Announce"),
						      .actor = booster->uri,
						      .published_ms = boost->created_ms,
						      .to = to,
						      .to_count = 1,
						      .cc = cc,
						      .cc_count = narrow ? 1 : 2,
						      .context = proof.len != 0 ? AP_CONTEXT_CONSENT
										: AP_CONTEXT_PLAIN,
						      .inner = inner });
	jw_member_str(w, "object", original.uri);
	jw_member_opt(w, "announceAuthorization", proof);
	jw_end(w);
	return RC_OK;
}

static enum rc post_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const char *type,
			     struct str id, const struct status *s, const struct account *author,
			     struct jw *w, bool inner)
{
	struct ap_note_view note;
	enum rc rc = build_note_view(fed, txn, ctx, s, author, &note);
	if (rc != RC_OK)
		return rc;
	ap_write_activity(w, &(struct ap_activity_view){ .id = id,
							 .type = str_of(type),
							 .actor = author->uri,
							 .published_ms = s->edited_ms != 0
										 ? s->edited_ms
										 : s->created_ms,
							 .to = note.to,
							 .to_count = note.to_count,
							 .cc = note.cc,
							 .cc_count = note.cc_count,
							 .audience = note.audience,
							 .context = ap_note_context(&note),
							 .inner = inner });
	jw_name(w, "object");
	ap_write_note(w, &note, false);
	jw_end(w);
	return RC_OK;
}

enum rc build_status_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			      const struct status *s, const struct account *author, struct jw *w,
			      bool inner)
{
	if (s->boost_of != 0)
		return boost_activity(txn, ctx, s, author, w, inner);
	return post_activity(fed, txn, ctx, "Create",
			     arena_join(ctx->arena, s->uri, STR("/activity")), s, author, w, inner);
}

/* --- activities about what may be gone already: built from the job alone --- */

struct wire_row {
	enum federate_what what;
	const char *type;
	const char *undone; /* the inner activity's type, when the object is an activity */
};

static const struct wire_row wire_rows[] = {
	{ FEDERATE_UNBOOST, "Undo", "Announce" },  { FEDERATE_LIKE, "Like", NULL },
	{ FEDERATE_UNLIKE, "Undo", "Like" },	   { FEDERATE_FOLLOW, "Follow", NULL },
	{ FEDERATE_UNFOLLOW, "Undo", "Follow" },   { FEDERATE_ACCEPT, "Accept", "Follow" },
	{ FEDERATE_REJECT, "Reject", "Follow" },   { FEDERATE_BLOCK, "Block", NULL },
	{ FEDERATE_UNBLOCK, "Undo", "Block" },	   { FEDERATE_DISLIKE, "Dislike", NULL },
	{ FEDERATE_UNDISLIKE, "Undo", "Dislike" },
};

static const struct wire_row *wire_row(enum federate_what what)
{
	for (size_t i = 0; i < ARRAY_LEN(wire_rows); i++) {
		if (wire_rows[i].what == what)
			return &wire_rows[i];
	}
	return NULL;
}

static void inner_activity(struct jw *w, const struct wire_row *row, struct str id,
			   struct str actor, struct str object)
{
	jw_object(w);
	jw_member_opt(w, "id", id);
	jw_member_str(w, "type", str_of(row->undone));
	jw_member_str(w, "actor", actor);
	jw_member_str(w, "object", object);
	jw_end(w);
}

static void relation_activity(struct db_txn *txn, struct ctx *ctx, const struct wire_row *row,
			      const struct federate *f, const struct account *actor,
			      const struct account *target, struct jw *w)
{
	bool answer = f->what == FEDERATE_ACCEPT || f->what == FEDERATE_REJECT;
	bool undo = row->undone != NULL && !answer;
	struct str object = f->object.len != 0 && !answer ? f->object : target->uri;
	struct str id = undo ? arena_join(ctx->arena, f->uri, STR("/undo")) : f->uri;
	const struct str to[] = { target->uri };
	bool boost = f->what == FEDERATE_UNBOOST;
	/* a boost for followers is taken back before them alone */
	bool narrow = f->visibility > VISIBILITY_UNLISTED;
	const struct str wide[] = { actor->followers, STR(AP_PUBLIC) };
	const struct str group[] = { build_group_of(txn, ctx, f) };
	ap_write_activity(w, &(struct ap_activity_view){ .id = id,
							 .type = str_of(row->type),
							 .actor = actor->uri,
							 .to = boost ? wide : to,
							 .to_count = boost && !narrow ? 2 : 1,
							 .cc = group,
							 .cc_count = group[0].len != 0,
							 .audience = group[0] });
	jw_name(w, "object");
	if (row->undone == NULL)
		jw_str(w, object);
	else if (answer)
		inner_activity(w, row, f->object, target->uri, actor->uri);
	else
		inner_activity(w, row, f->uri, actor->uri, object);
	jw_end(w);
}

static void delete_activity(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			    const struct account *actor, struct jw *w)
{
	const struct str group[] = { build_group_of(txn, ctx, f) };
	const struct str to[] = { f->visibility <= VISIBILITY_UNLISTED ||
						  f->what == FEDERATE_ACTOR_DELETE
					  ? STR(AP_PUBLIC)
					  : actor->followers };
	ap_write_activity(w, &(struct ap_activity_view){
				     .id = f->uri,
				     .type = STR("Delete"),
				     .actor = actor->uri,
				     .to = to,
				     .to_count = f->visibility == VISIBILITY_DIRECT ? 0 : 1,
				     .cc = group,
				     .cc_count = group[0].len != 0,
				     .audience = group[0] });
	jw_name(w, "object");
	if (f->what == FEDERATE_ACTOR_DELETE)
		jw_str(w, actor->uri);
	else
		ap_write_tombstone(w, f->object, STR_NONE, 0, false);
	jw_end(w);
}

static enum rc actor_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			      const struct federate *f, const struct account *actor, struct jw *w)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	ap_write_activity(
		w, &(struct ap_activity_view){ .id = f->uri,
					       .type = STR("Update"),
					       .actor = actor->uri,
					       .to = to,
					       .to_count = 1,
					       .context = AP_CONTEXT_ACTOR |
							  (actor->kind == ACCOUNT_GROUP
								   ? (unsigned)AP_CONTEXT_GROUP
								   : 0) });
	jw_name(w, "object");
	enum rc rc = build_actor(fed, txn, ctx, actor, w, false);
	jw_end(w);
	return rc;
}

/* To followers alone, as everywhere (FEP-7628): they are the ones who follow to the new place. */
static void move_activity(const struct federate *f, const struct account *actor,
			  const struct account *target, struct jw *w)
{
	const struct str to[] = { actor->followers };
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = STR("Move"),
							 .actor = actor->uri,
							 .published_ms = f->at_ms,
							 .to = to,
							 .to_count = 1 });
	jw_member_str(w, "object", actor->uri);
	jw_member_str(w, "target", target->uri);
	jw_end(w);
}

/* S-080: neither who reported nor who moderates is told. */
static enum rc flag_activity(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			     const struct account *actor, const struct account *target,
			     struct jw *w)
{
	struct report report;
	if (!report_get(txn, ctx->arena, f->status, &report))
		return RC_NOT_FOUND;
	/* FEP-1b12: the moderators of the community that it is about are told by its inbox */
	const struct str group[] = { build_group_of(txn, ctx, f) };
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = STR("Flag"),
							 .actor = actor->uri,
							 .to = group,
							 .to_count = group[0].len != 0,
							 .audience = group[0] });
	jw_member_opt(w, "content", report.comment);
	/* Lemmy reads the reason there */
	if (group[0].len != 0) {
		jw_member_str(w, "summary", report.comment);
		jw_member_str(w, "target", group[0]);
	}
	jw_name(w, "object");
	jw_array(w);
	jw_str(w, target->uri);
	for (unsigned i = 0; i < report.object_count; i++)
		jw_str(w, report.objects[i]);
	jw_end(w);
	jw_end(w);
	return RC_OK;
}

static enum rc build_into(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			  const struct federate *f, struct jw *w)
{
	struct account actor, target = { 0 };
	struct status status;
	const struct wire_row *row = wire_row(f->what);
	if (!account_get(txn, ctx->arena, f->actor, &actor) ||
	    (f->target != 0 && !account_get(txn, ctx->arena, f->target, &target)))
		return RC_NOT_FOUND;
	if (relay_builds(f->what))
		return relay_build(fed, ctx, f, &actor, &target, w);
	enum rc told = build_ledger(fed, txn, ctx, f, &actor, &target, w);
	if (told != RC_UNSUPPORTED)
		return told;
	enum rc collected = build_collection(fed, txn, ctx, f, &actor, &target, w);
	if (collected != RC_UNSUPPORTED)
		return collected;
	enum rc moderated = build_moderation(fed, txn, ctx, f, &actor, &target, w);
	if (moderated != RC_UNSUPPORTED)
		return moderated;
	enum rc joint = build_joint(fed, txn, ctx, f, &actor, &target, w);
	if (joint != RC_UNSUPPORTED)
		return joint;
	enum rc featured = build_featured(fed, txn, ctx, f, &actor, w);
	if (featured != RC_UNSUPPORTED)
		return featured;
	if (row != NULL) {
		relation_activity(txn, ctx, row, f, &actor, &target, w);
		return RC_OK;
	}
	if (f->what == FEDERATE_DELETE || f->what == FEDERATE_ACTOR_DELETE) {
		delete_activity(txn, ctx, f, &actor, w);
		return RC_OK;
	}
	enum rc joined = build_event_act(txn, ctx, f, &actor, &target, w);
	if (joined != RC_UNSUPPORTED)
		return joined;
	if (f->what == FEDERATE_VOTE)
		return build_vote(txn, ctx, f, &actor, &target, w);
	if (f->what == FEDERATE_MOVE) {
		move_activity(f, &actor, &target, w);
		return RC_OK;
	}
	if (build_is_interaction(f->what))
		return build_interaction(fed, txn, ctx, f, &actor, &target, w);
	if (f->what == FEDERATE_ACTOR)
		return actor_activity(fed, txn, ctx, f, &actor, w);
	if (f->what == FEDERATE_FLAG)
		return flag_activity(txn, ctx, f, &actor, &target, w);
	if (f->what == FEDERATE_CONTEXT_ADD || f->what == FEDERATE_CONTEXT_REMOVE)
		return build_context_add(txn, ctx, f, &actor, w);
	if (f->what == FEDERATE_BOOST) {
		uint64_t boost = status_boost_by(txn, f->status, f->actor);
		if (boost == 0 || !status_get(txn, ctx->arena, boost, &status))
			return RC_NOT_FOUND;
		return boost_activity(txn, ctx, &status, &actor, w, false);
	}
	if (!status_get(txn, ctx->arena, f->status, &status))
		return RC_NOT_FOUND;
	/* FEP-9967, "Publishing results": the poll in it has a time of its change */
	if (f->what == FEDERATE_POLL || (f->what == FEDERATE_EVENT && status.event.date_count != 0))
		status.edited_ms = f->at_ms;
	if (f->what == FEDERATE_UPDATE || f->what == FEDERATE_POLL || f->what == FEDERATE_EVENT ||
	    f->what == FEDERATE_EVENT_PARTICIPANTS)
		return post_activity(fed, txn, ctx, "Update", f->uri, &status, &actor, w, false);
	return build_status_activity(fed, txn, ctx, &status, &actor, w, false);
}

enum rc build_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		       const struct federate *f, struct buf *out)
{
	struct jw w;
	jw_init(&w, out);
	enum rc rc = build_into(fed, txn, ctx, f, &w);
	if (rc != RC_OK)
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : rc;
	jw_done(&w);
	return out->failed || arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}
