/* The relation between partners of a joint community on the wire, and reactions as they compare them. Reads in the caller's transaction. */
#include "ap/write.h"
#include "community_fed_int.h"
#include "core/enc.h"
#include "joint_fed_int.h"
#include "store/emoji.h"
#include "text/emoji.h"

struct str *build_partners(struct db_txn *txn, struct ctx *ctx, uint64_t community, unsigned *count)
{
	uint64_t ids[JOINT_PARTNERS_MAX];
	struct str *uris = ARENA_ARRAY(ctx->arena, JOINT_PARTNERS_MAX, struct str);
	size_t n = uris != NULL ? joint_partners(txn, community, ids) : 0;
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		struct str uri = build_group_uri(txn, ctx, ids[i]);
		if (uri.len != 0)
			uris[(*count)++] = uri;
	}
	return uris;
}

struct relation {
	struct str subject, object; /* who offers, to whom */
};

static void relationship_write(struct jw *w, const struct relation *r)
{
	/* ActivityStreams vocabulary, section 5.2.1 */
	jw_object(w);
	jw_member_str(w, "type", STR("Relationship"));
	jw_member_str(w, "subject", r->subject);
	jw_member_str(w, "relationship", STR(JOINT_RELATIONSHIP));
	jw_member_str(w, "object", r->object);
	jw_end(w);
}

/* The Offer as it stands inside an answer. */
static void offer_write(struct jw *w, struct str id, const struct relation *r)
{
	jw_object(w);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", STR("Offer"));
	jw_member_str(w, "actor", r->subject);
	jw_name(w, "object");
	relationship_write(w, r);
	jw_end(w);
}

static const char *type_of(enum federate_what what)
{
	switch ((int)what) {
	case FEDERATE_JOINT_OFFER:
		return "Offer";
	case FEDERATE_JOINT_ACCEPT:
		return "Accept";
	case FEDERATE_JOINT_REJECT:
		return "Reject";
	case FEDERATE_JOINT_UNDO:
		return "Undo";
	default:
		return NULL;
	}
}

enum rc build_joint(struct fed *fed, struct db_txn *txn UNUSED, struct ctx *ctx,
		    const struct federate *f, const struct account *actor,
		    const struct account *target, struct jw *w)
{
	const char *type = type_of(f->what);
	const bool ours = f->what == FEDERATE_JOINT_OFFER || f->what == FEDERATE_JOINT_UNDO;
	const struct str to[] = { target->uri };
	if (type == NULL)
		return RC_UNSUPPORTED;
	const struct relation r = { .subject = ours ? actor->uri : target->uri,
				    .object = ours ? target->uri : actor->uri };
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = str_of(type),
							 .actor = actor->uri,
							 .to = to,
							 .to_count = 1 });
	jw_name(w, "object");
	if (f->what == FEDERATE_JOINT_OFFER)
		relationship_write(w, &r);
	else
		offer_write(w, f->object, &r);
	/* where the other side reads what is in the community here */
	if (f->what == FEDERATE_JOINT_OFFER || f->what == FEDERATE_JOINT_ACCEPT)
		jw_member_str(
			w, "instrument",
			site_actor_part(ctx->arena, fed->site, actor->username, JOINT_COLLECTION));
	jw_end(w);
	return RC_OK;
}

/* --- what is compared --- */

static void name_write(struct jw *w, const char *field, const unsigned char *name)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT((size_t)2 * JOINT_NAME_SIZE);
	enc_hex(&out, str_n(name, JOINT_NAME_SIZE));
	jw_member_str(w, field, buf_str(&out));
}

/* With the members of a reaction's activity (FEP-c0e0): whoever reads those reads these. Whose picture it is
 * stands beside, for who does not know the person. */
static void emoji_write(struct fed *fed, struct db_txn *txn, struct arena *arena,
			const struct reaction *r, struct jw *w)
{
	struct ctx ctx = { .arena = arena };
	const struct emoji emoji = { .shortcode = emoji_shortcode_of(r->text), .url = r->url };
	jw_member_str(w, "content", r->text);
	if (emoji.shortcode.ptr == NULL || emoji.url.len == 0)
		return;
	const struct ap_write_emoji *view = build_emojis(fed, txn, &ctx, &emoji, 1);
	jw_member_str(w, "host", r->host.len != 0 ? r->host : fed->site->domain);
	jw_name(w, "tag");
	jw_array(w);
	if (view != NULL)
		ap_write_emoji(w, view, false);
	jw_end(w);
}

bool build_joint_reaction(struct fed *fed, struct db_txn *txn, struct arena *arena,
			  uint64_t community, const struct joint_word *word, struct jw *w)
{
	struct reaction r;
	if (word->state != 0 && !joint_reaction_get(txn, arena, community, word, &r))
		return false;
	jw_object(w);
	name_write(w, "post", word->name);
	name_write(w, "voter", word->name + JOINT_NAME_SIZE);
	name_write(w, "emoji", word->name + (size_t)2 * JOINT_NAME_SIZE);
	if (word->state != 0)
		emoji_write(fed, txn, arena, &r, w);
	jw_member_u64(w, "stateTime", word->at_ms);
	jw_end(w);
	return true;
}
