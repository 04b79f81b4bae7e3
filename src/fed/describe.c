/* Writes the federation document. Pure. */
#include "fed/describe.h"

#include "describe_int.h"
#include "incoming_int.h"

static void say(struct buf *out, const char *text)
{
	buf_add(out, str_of(text));
}

/* One row of a table; NULL ends it. */
static void row(struct buf *out, const char *const *cells)
{
	say(out, "|");
	for (size_t i = 0; cells[i] != NULL; i++) {
		say(out, " ");
		say(out, cells[i]);
		say(out, " |");
	}
	say(out, "\n");
}

#define ROW(out, ...) row(out, (const char *const[]){ __VA_ARGS__, NULL })

static void head(struct buf *out, const char *const *cells)
{
	row(out, cells);
	say(out, "|");
	for (size_t i = 0; cells[i] != NULL; i++)
		say(out, "---|");
	say(out, "\n");
}

#define HEAD(out, ...) head(out, (const char *const[]){ __VA_ARGS__, NULL })

/* A file, and what to look for in it: only the file is code. */
static void proof(struct buf *out, const char *test)
{
	struct str file, name;
	if (test[0] == '\0') {
		say(out, " |\n");
		return;
	}
	str_split(str_of(test), ' ', &file, &name);
	say(out, " `");
	buf_add(out, file);
	say(out, "`");
	if (name.len != 0) {
		say(out, " ");
		buf_add(out, name);
	}
	say(out, " |\n");
}

/* --- activities --- */

static const char *rule_text(enum rule rule)
{
	switch (rule) {
	case RULE_OWN_NAME:
		return "anybody, in their own name";
	case RULE_OWN_OBJECT:
		return "whose object it is";
	case RULE_SELF:
		return "the object itself";
	case RULE_FOLLOWEE:
		return "whom the follow was for";
	case RULE_OWN_ACTIVITY:
		return "whose activity it was";
	case RULE_OWN_FEATURED:
		return "whose collection it is";
	case RULE_ASKED:
		return "the author whom one of ours has asked";
	case RULE_OWN_CONTEXT:
		return "whose conversation it is";
	case RULE_MODERATOR:
		return "who moderates the community";
	case RULE_ORGANIZER:
		return "who holds the event that one of ours has asked to join";
	}
	return "";
}

static const char *class_text(enum ap_object_class class)
{
	switch (class) {
	case AP_CLASS_POST:
		return "a post";
	case AP_CLASS_VOTE:
		return "a vote";
	case AP_CLASS_ACTOR:
		return "an actor";
	case AP_CLASS_ACTIVITY:
		return "an activity";
	case AP_CLASS_TOMBSTONE:
		return "a Tombstone";
	case AP_CLASS_COLLECTION:
		return "a collection";
	case AP_CLASS_KEY:
		return "a key";
	case AP_CLASS_UNKNOWN:
		break;
	}
	return "anything";
}

static void activities(struct buf *out)
{
	HEAD(out, "activity", "of", "who may", "what it does here");
	for (size_t i = 0; i < activity_table_count; i++) {
		const struct activity_row *a = &activity_table[i];
		const char *object =
			a->inner != AP_OTHER ? ap_activity_name(a->inner) : class_text(a->object);
		ROW(out, ap_activity_name(a->type), object, rule_text(a->rule), a->what);
	}
}

/* --- the other tables --- */

static void objects(struct buf *out)
{
	HEAD(out, "type", "what it becomes", "proof");
	for (size_t i = 0; i < object_table_count; i++) {
		const struct object_row *o = &object_table[i];
		buf_addf(out, "| %s | %s |", o->type, o->what);
		proof(out, o->test);
	}
}

static void feps(struct buf *out)
{
	HEAD(out, "FEP", "title", "how", "proof");
	for (size_t i = 0; i < fep_table_count; i++) {
		const struct fep_row *f = &fep_table[i];
		buf_addf(out, "| [%s](https://w3id.org/fep/%s) | %s | %s |", f->id, f->id, f->title,
			 f->how);
		proof(out, f->test);
	}
}

static void capabilities(struct buf *out)
{
	static const char *const words[] = { "no", "partly", "yes" };
	const char *chapter = "";
	for (size_t i = 0; i < capability_table_count; i++) {
		const struct capability_row *c = &capability_table[i];
		if (strcmp(c->chapter, chapter) != 0) {
			chapter = c->chapter;
			buf_addf(out, "\n### %s\n\n", chapter);
			HEAD(out, "capability", "FediFlow", "note", "proof");
		}
		buf_addf(out, "| %s | %s | %s |", c->what, words[c->support], c->how);
		proof(out, c->test);
	}
}

static void quirks(struct buf *out)
{
	HEAD(out, "software", "versions", "what is different", "handled in", "proof");
	for (size_t i = 0; i < quirk_table_count; i++) {
		const struct quirk_row *q = &quirk_table[i];
		buf_addf(out, "| %s | %s | %s | `%s` |", q->software, q->versions, q->what,
			 q->where);
		proof(out, q->test);
	}
}

void fed_describe(struct buf *out)
{
	say(out, "# Federation\n\n"
		 "What FediFlow says to peers and understands of them, in the form of FEP-67ff. "
		 "`fediflow federation` prints this page out of the tables that the program runs "
		 "by.\n\n"
		 "## Supported federation protocols and standards\n\n"
		 "- [ActivityPub](https://www.w3.org/TR/activitypub/) (server to server)\n"
		 "- [Activity Vocabulary](https://www.w3.org/TR/activitystreams-vocabulary/)\n"
		 "- [WebFinger](https://www.rfc-editor.org/rfc/rfc7033), host-meta (RFC 6415)\n"
		 "- HTTP signatures: draft-cavage-http-signatures-12 and "
		 "[RFC 9421](https://www.rfc-editor.org/rfc/rfc9421), RSA and Ed25519\n"
		 "- [NodeInfo](https://nodeinfo.diaspora.software/) 2.0 and 2.1\n\n"
		 "## Supported FEPs\n\n");
	feps(out);
	say(out, "\n## ActivityPub\n\n"
		 "Activities that have an effect. All others are taken (202) and have none; what "
		 "somebody may not do is refused (403).\n\n");
	activities(out);
	say(out, "\n### Objects\n\n");
	objects(out);
	say(out, "\n## Peers and what they do in another way\n\n");
	quirks(out);
	say(out,
	    "\n## Capabilities\n\n"
	    "The rows by which servers of the fediverse are compared. Every yes has a test.\n");
	capabilities(out);
	say(out, "\n## Additional documentation\n\n"
		 "- [schemas of what is sent](README.md)\n"
		 "- [communities that several nodes own together](joint.md)\n"
		 "- [notes for operators](../conf/operations.md)\n");
}
