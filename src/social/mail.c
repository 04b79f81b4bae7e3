/* Letters: written, sealed, sent. */
#include "social/mail.h"

#include "act_int.h"
#include "db/rec.h"
#include "queue/queue.h"

#define LETTER_VERSION 1
#define LETTER_MAX ((size_t)64 * 1024)
#define SEAL_CONTEXT STR("letter")

enum rc letter_pack(struct ctx *ctx, const struct seal_key *seal_with, const struct letter *letter,
		    struct str *packed)
{
	struct buf plain CLEANUP(buf_free) = BUF_INIT(LETTER_MAX);
	struct buf sealed CLEANUP(buf_free) = BUF_INIT(LETTER_MAX + SEAL_OVERHEAD);
	rec_add_u8(&plain, LETTER_VERSION);
	rec_add_str(&plain, letter->to);
	rec_add_str(&plain, letter->subject);
	rec_add_str(&plain, letter->text);
	if (plain.failed)
		return ctx_fail(ctx, RC_TOO_LARGE, "the e-mail is too long");
	enum rc rc = seal(seal_with, SEAL_CONTEXT, buf_str(&plain), &sealed);
	*packed = arena_str(ctx->arena, buf_str(&sealed));
	explicit_bzero(plain.ptr, plain.len);
	return rc == RC_OK ? rc : ctx_fail(ctx, rc, "the e-mail could not be sealed");
}

enum rc letter_unpack(struct arena *arena, const struct seal_key *seal_with, struct str packed,
		      struct letter *out)
{
	struct buf plain = BUF_INIT(LETTER_MAX);
	enum rc rc = unseal(seal_with, SEAL_CONTEXT, packed, &plain);
	struct rec r = rec_open(arena_take_buf(arena, &plain));
	uint8_t version = rec_u8(&r);
	*out = (struct letter){ .to = rec_str(&r) };
	out->subject = rec_str(&r);
	out->text = rec_str(&r);
	if (rc == RC_OK && (version != LETTER_VERSION || !rec_ok(&r)))
		rc = RC_CORRUPT;
	return rc;
}

void letter_post(struct social *s, struct str packed)
{
	/* each in an order of its own: one that is refused holds up no other */
	const struct queue_new job = { .kind = JOB_MAIL,
				       .order = db_next_id(s->txn),
				       .payload = packed };
	queue_add(s->txn, &job);
	s->enqueued = true;
}

void letter_news_write(struct arena *arena, const struct site *site, enum letter_news news,
		       struct str username, struct str to, struct letter *out)
{
	static const struct {
		const char *subject, *text;
	} words[] = {
		[LETTER_PASSWORD_CHANGED] = { "Your password was changed",
					      "The password of your account was changed, and "
					      "everything that was signed in was signed out." },
		[LETTER_FACTOR_ADDED] = { "A second factor was added",
					  "A second factor was added to your account: it is asked "
					  "for when you sign in." },
		[LETTER_FACTOR_REMOVED] = { "A second factor was removed",
					    "A second factor was removed from your account." },
	};
	*out = (struct letter){ .to = to };
	out->subject = arena_printf(arena, "%s: %.*s", words[news].subject, STR_ARG(site->title));
	out->text = arena_printf(arena,
				 "Hello %.*s,\n\n%s\n\nIf that was not you, tell those who run "
				 "the node at once.\n\n%.*s\n%.*s\n",
				 STR_ARG(username), words[news].text, STR_ARG(site->title),
				 STR_ARG(site->base));
}
