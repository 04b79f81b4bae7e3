/* Handlers of events: Join and Leave of ours, invitations both ways, answers to what our people have asked,
 * counts. */
#include "core/utf8.h"
#include "event_int.h"
#include "store/uri.h"

#define JOINS "#joins/"
#define OLD_LOOKED_AT 1000
#define INVITES "#invites/"
#define GUESTS_MAX 50 /* of one Invite */

/* --- in --- */

static uint64_t event_named(struct social *s, struct str uri)
{
	struct uri_entry entry =
		uri.len != 0 ? uri_find(s->txn, uri) : (struct uri_entry){ .kind = URI_NONE };
	return entry.kind == URI_STATUS ? entry.id : 0;
}

/* FEP-8a8e: the event is the object; some name it as the target. */
static struct str event_uri(const struct incoming *in)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str target = ap_id(&reader, in->activity.target);
	return in->activity.object_id.ptr != NULL ? in->activity.object_id
	       : target.ptr != NULL		  ? target
						  : STR("");
}

enum rc apply_join(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = event_named(s, event_uri(in));
	/* Mobilizon: what they tell the organizer */
	struct str note = jr_str(jr_get(in->activity.root, "participationMessage"));
	enum participation state;
	if (in->activity.id.ptr == NULL)
		return ctx_fail(s->ctx, RC_INVALID, "a Join needs an id");
	if (id == 0)
		return RC_NOT_FOUND;
	if (note.ptr == NULL)
		note = STR("");
	return event_join(s, actor, id, in->activity.id,
			  utf8_take(note, EVENT_NOTE_CHARS, (size_t)EVENT_NOTE_CHARS * 4), &state);
}

enum rc apply_leave(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = event_named(s, event_uri(in));
	return id != 0 ? event_leave(s, actor, id) : RC_NOT_FOUND;
}

enum rc apply_undo_join(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = event_named(s, in->inner_object.ptr != NULL ? in->inner_object : STR(""));
	return incoming_forestall(in, s, actor, id != 0 ? event_leave(s, actor, id) : RC_NOT_FOUND);
}

/* --- answers --- */

struct asked {
	uint64_t status, account;
};

static bool is_named(struct db_txn *txn, struct arena *arena, uint64_t event, uint64_t account,
		     struct str id)
{
	struct participant p;
	return participant_get(txn, arena, event, account, &p) && str_eq(p.uri, id);
}

/* The event of a Join or an Invite of ours that is told by its id alone; 0: the account has none of that id.
 * Former versions did not write the event into it. */
static uint64_t event_of_id(struct db_txn *txn, struct arena *arena, uint64_t account,
			    struct str id)
{
	uint64_t event = event_of_act(id);
	if (event != 0)
		return is_named(txn, arena, event, account, id) ? event : 0;
	uint64_t *events = ARENA_ARRAY(arena, OLD_LOOKED_AT, uint64_t);
	size_t n = events != NULL
			   ? participations_of(txn, account, &PAGE_ALL, events, OLD_LOOKED_AT)
			   : 0;
	for (size_t i = 0; i < n; i++) {
		if (is_named(txn, arena, events[i], account, id))
			return events[i];
	}
	return 0;
}

/* It is one of the account's that stands before the mark. */
static bool asked_by_id(struct incoming *in, struct db_txn *txn, struct asked *out)
{
	struct str id = in->inner_id.ptr != NULL ? in->inner_id : STR("");
	struct str actor = str_take(id, str_index(id, '#'));
	if (!str_contains(id, STR(JOINS)))
		return false;
	out->account = account_id_of_uri(txn, actor);
	out->status = out->account != 0 ? event_of_id(txn, in->ctx->arena, out->account, id) : 0;
	return out->status != 0;
}

static bool asked_find(struct incoming *in, struct db_txn *txn, struct asked *out)
{
	if (in->inner_object.ptr == NULL || in->inner_actor.ptr == NULL)
		return asked_by_id(in, txn, out);
	struct uri_entry entry = uri_find(txn, in->inner_object);
	out->account = account_id_of_uri(txn, in->inner_actor);
	out->status = entry.kind == URI_STATUS ? entry.id : 0;
	return out->account != 0 && out->status != 0;
}

/* S-008: one of ours has asked, and the event is held by the actor. */
bool rule_organizer(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	struct asked asked;
	struct account account;
	struct status status;
	struct participant p;
	return asked_find(in, txn, &asked) &&
	       account_get(txn, in->ctx->arena, asked.account, &account) &&
	       account_is_local(&account) &&
	       status_get(txn, in->ctx->arena, asked.status, &status) &&
	       event_is_held_by(&status, actor) &&
	       participant_get(txn, in->ctx->arena, asked.status, asked.account, &p);
}

const struct activity_row *join_answer_row(struct incoming *in)
{
	struct str id = in->activity.object_id;
	if (id.ptr == NULL || !site_owns_text(in->fed->site, id))
		return NULL;
	const enum ap_activity_type inner = str_contains(id, STR(JOINS))     ? AP_JOIN
					    : str_contains(id, STR(INVITES)) ? AP_INVITE
									     : AP_OTHER;
	for (size_t i = 0; i < activity_table_count; i++) {
		const struct activity_row *row = &activity_table[i];
		if (inner != AP_OTHER && row->type == in->activity.type && row->inner == inner)
			return row;
	}
	return NULL;
}

static enum rc answered(struct incoming *in, struct social *s, const struct account *actor,
			bool accept)
{
	struct asked asked;
	return asked_find(in, s->txn, &asked)
		       ? event_answered(s, actor, asked.status, asked.account, accept)
		       : RC_NOT_FOUND;
}

enum rc apply_join_accept(struct incoming *in, struct social *s, const struct account *actor)
{
	return answered(in, s, actor, true);
}

enum rc apply_join_reject(struct incoming *in, struct social *s, const struct account *actor)
{
	return answered(in, s, actor, false);
}

/* --- invitations --- */

static bool is_invited(struct incoming *in, struct db_txn *txn, uint64_t event, uint64_t account)
{
	struct participant p;
	return event != 0 && participant_get(txn, in->ctx->arena, event, account, &p) &&
	       p.invited && (in->inner_id.ptr == NULL || str_eq(p.uri, in->inner_id));
}

/* The event of the Invite that the actor was sent: told with it, or by its id alone. */
static uint64_t invited_to(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	struct uri_entry entry = in->inner_object.ptr != NULL
					 ? uri_find(txn, in->inner_object)
					 : (struct uri_entry){ .kind = URI_NONE };
	uint64_t event = entry.kind == URI_STATUS ? entry.id : 0;
	if (!is_invited(in, txn, event, actor->id) && in->inner_id.ptr != NULL)
		event = event_of_id(txn, in->ctx->arena, actor->id, in->inner_id);
	return is_invited(in, txn, event, actor->id) ? event : 0;
}

static enum rc invite_answered(struct incoming *in, struct social *s, const struct account *actor,
			       bool accept)
{
	uint64_t id = invited_to(in, s->txn, actor);
	return id != 0 ? event_invite_answered(s, actor, id, accept) : RC_NOT_FOUND;
}

enum rc apply_invite_accept(struct incoming *in, struct social *s, const struct account *actor)
{
	return invite_answered(in, s, actor, true);
}

enum rc apply_invite_reject(struct incoming *in, struct social *s, const struct account *actor)
{
	return invite_answered(in, s, actor, false);
}

/* S-061: what is not known is fetched for those who are addressed. */
enum rc prepare_invite(struct incoming *in)
{
	if (in->activity.object_id.ptr == NULL || in->activity.id.ptr == NULL)
		return ctx_fail(in->ctx, RC_INVALID, "an Invite needs an id and an object");
	if (!in->fetched && !site_owns_text(in->fed->site, in->activity.object_id) &&
	    !incoming_is_known(in->fed, in->activity.object_id) && incoming_is_worth_a_fetch(in))
		in->need = in->activity.object_id;
	return RC_OK;
}

typedef enum rc guest_fn(struct incoming *in, struct social *s, const struct account *organizer,
			 uint64_t event, const struct account *guest);

static enum rc invite_one(struct incoming *in, struct social *s, const struct account *organizer,
			  uint64_t event, const struct account *guest)
{
	return event_invited(s, organizer, event, guest, in->activity.id);
}

static enum rc uninvite_one(struct incoming *in UNUSED, struct social *s,
			    const struct account *organizer, uint64_t event,
			    const struct account *guest)
{
	return event_uninvited(s, organizer, event, guest);
}

/* Whom an Invite is for: its targets (Activity Vocabulary, Invite), or else whom it is addressed to. RC_OK
 * when it concerned one of ours. */
static enum rc for_guests(struct incoming *in, struct social *s, const struct account *organizer,
			  struct jr invite, uint64_t event, guest_fn *act)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr guests = jr_get(invite, "target");
	enum rc rc = RC_NOT_FOUND;
	if (jr_type(guests) == JR_ABSENT)
		guests = jr_get(invite, "to");
	for (size_t i = 0; i < jr_one_count(guests) && i < GUESTS_MAX; i++) {
		struct account guest;
		struct str uri = ap_id(&reader, jr_one_at(guests, i));
		if (uri.ptr == NULL || !account_find_uri(s->txn, s->ctx->arena, uri, &guest) ||
		    !account_is_local(&guest))
			continue;
		enum rc one = act(in, s, organizer, event, &guest);
		if (db_txn_rc(s->txn) != RC_OK)
			return one;
		rc = rc == RC_OK ? rc : one;
	}
	return rc;
}

enum rc apply_invite(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = event_named(s, in->activity.object_id);
	return id != 0 ? for_guests(in, s, actor, in->activity.root, id, invite_one) : RC_NOT_FOUND;
}

enum rc apply_undo_invite(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = event_named(s, in->inner_object.ptr != NULL ? in->inner_object : STR(""));
	struct jr invite = jr_one_at(in->activity.object, 0);
	return incoming_forestall(in, s, actor,
				  id != 0 ? for_guests(in, s, actor, invite, id, uninvite_one)
					  : RC_NOT_FOUND);
}

/* --- counts --- */

static bool is_same_event(const struct status *a, const struct status *b)
{
	const struct status_event *x = &a->event, *y = &b->event;
	return str_eq(a->content.markup, b->content.markup) && str_eq(a->title, b->title) &&
	       str_eq(a->spoiler, b->spoiler) && a->attachment_count == b->attachment_count &&
	       a->tag_count == b->tag_count && x->start_ms == y->start_ms &&
	       x->end_ms == y->end_ms && x->join == y->join && x->state == y->state &&
	       x->capacity == y->capacity && str_eq(x->place, y->place) &&
	       str_eq(x->address, y->address) && str_eq(x->url, y->url) &&
	       str_eq(x->timezone, y->timezone) && str_eq(x->group, y->group);
}

bool apply_attendance(struct incoming *in, struct social *s, const struct account *actor,
		      const struct status *stored, enum rc *rc)
{
	const struct status *told = &in->status;
	if (!status_is_event(told) || !status_is_event(stored) || !told->event.has_told ||
	    !is_same_event(stored, told))
		return false;
	/* told again it is older than what came since (S-022) */
	struct str name = incoming_name(in);
	*rc = seen_has(s->txn, name, actor->id) ? RC_EXISTS : RC_OK;
	if (stored->account != actor->id)
		*rc = RC_DENIED;
	if (*rc != RC_OK)
		return true;
	event_take(s, stored, &told->event);
	seen_add(s->txn, name, actor->id);
	return true;
}
