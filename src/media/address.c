/*
 * Addresses of media. What another server has is named by what shows it, with a tag that only this
 * node can make for the address that stands there now (S-096).
 */
#include <stdio.h>

#include "core/enc.h"
#include "media_int.h"
#include "store/peer.h"
#include "text/iri.h"

#define TAG_BYTES 16
#define WHAT_MAX 16
#define CARD "card"

struct str media_file_path(struct arena *arena, const struct medium_file *file)
{
	struct buf path = BUF_INIT(128);
	const struct media_type *type = media_type_by_name(file->type);
	if (type == NULL)
		return STR_NONE;
	buf_add(&path, STR("/media/files/"));
	enc_hex(&path, str_n(file->digest.bytes, DIGEST_SIZE));
	buf_addf(&path, ".%s", type->extension);
	return arena_take_buf(arena, &path);
}

/* --- what another server has --- */

static struct str tag_of(const struct media *media, struct arena *arena, struct str what,
			 uint64_t id, struct str url)
{
	struct buf tag = BUF_INIT((size_t)2 * TAG_BYTES);
	struct str text = arena_printf(arena, "media %.*s %llu %.*s", STR_ARG(what),
				       (unsigned long long)id, STR_ARG(url));
	struct digest digest = digest_hmac(media->parts.secret, text);
	enc_hex(&tag, str_n(digest.bytes, TAG_BYTES));
	return arena_take_buf(arena, &tag);
}

static struct str remote_address(const struct media *media, struct arena *arena, struct str what,
				 uint64_t id, struct str url)
{
	if (url.len == 0)
		return STR_NONE;
	/* ours is shown as it is */
	if (str_has_prefix(url, arena_join(arena, media->parts.base, STR("/media/"))))
		return url;
	struct str tag = tag_of(media, arena, what, id, url);
	return arena_printf(arena, "%.*s/media/remote/%.*s/%llu/%.*s", STR_ARG(media->parts.base),
			    STR_ARG(what), (unsigned long long)id, STR_ARG(tag));
}

static struct str url_of_attachment(const struct status *s, unsigned number)
{
	if (number >= s->attachment_count ||
	    attachment_kind_of(&s->attachments[number]) == ATTACHMENT_LINK)
		return STR_NONE;
	return s->attachments[number].url;
}

static struct str url_of_preview(const struct status *s, unsigned number)
{
	return number < s->attachment_count ? s->attachments[number].preview : STR_NONE;
}

struct str media_attachment_url(const struct media *media, struct arena *arena,
				const struct status *status, unsigned number)
{
	struct str what = arena_printf(arena, "file-%u", number);
	return remote_address(media, arena, what, status->id, url_of_attachment(status, number));
}

struct str media_preview_url(const struct media *media, struct arena *arena,
			     const struct status *status, unsigned number)
{
	struct str what = arena_printf(arena, "preview-%u", number);
	return remote_address(media, arena, what, status->id, url_of_preview(status, number));
}

struct str media_card_url(const struct media *media, struct arena *arena, const struct card *card)
{
	return remote_address(media, arena, STR(CARD), card->id, card->image);
}

struct str media_avatar_url(const struct media *media, struct arena *arena,
			    const struct account *account)
{
	return remote_address(media, arena, STR("avatar"), account->id, account->avatar);
}

struct str media_header_url(const struct media *media, struct arena *arena,
			    const struct account *account)
{
	return remote_address(media, arena, STR("header"), account->id, account->header);
}

/* --- and back --- */

static struct str find_on_account(struct db_txn *txn, struct arena *arena, struct str what,
				  uint64_t id)
{
	struct account a;
	if (!account_get(txn, arena, id, &a) || account_is_gone(&a))
		return STR_NONE;
	return str_eq(what, STR("avatar")) ? a.avatar : a.header;
}

static struct str find_on_card(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct card c;
	return card_get(txn, arena, id, &c) ? c.image : STR_NONE;
}

static struct str find_on_status(struct db_txn *txn, struct arena *arena, struct str what,
				 uint64_t id)
{
	struct status s;
	struct account author;
	struct str kind, number_text;
	uint64_t number;
	if (!str_split(what, '-', &kind, &number_text) || !str_to_u64(number_text, &number) ||
	    number > STATUS_ATTACHMENTS_MAX || !status_get(txn, arena, id, &s) ||
	    !account_get(txn, arena, s.account, &author) || account_is_gone(&author))
		return STR_NONE;
	if (str_eq(kind, STR("preview")))
		return url_of_preview(&s, (unsigned)number);
	return str_eq(kind, STR("file")) ? url_of_attachment(&s, (unsigned)number) : STR_NONE;
}

/* S-030: nothing is fetched from a host that is blocked. */
static bool is_blocked(struct media *media, struct db_txn *txn, struct ctx *ctx, struct str url)
{
	struct iri iri;
	struct peer peer;
	struct ctx parsing = { .arena = ctx->arena };
	if (iri_parse(&parsing, url, media->parts.iri_flags, &iri) != RC_OK)
		return true;
	return peer_get(txn, ctx->arena, iri.authority, &peer) && peer.policy == PEER_BLOCKED;
}

struct str remote_url(struct media *media, struct ctx *ctx, struct str what, uint64_t id,
		      struct str tag)
{
	struct db_txn *txn;
	bool of_card = str_eq(what, STR(CARD));
	bool of_account = str_eq(what, STR("avatar")) || str_eq(what, STR("header"));
	if (what.len > WHAT_MAX || db_read_begin(media->parts.db, &txn) != RC_OK)
		return STR_NONE;
	struct str url = of_card      ? find_on_card(txn, ctx->arena, id)
			 : of_account ? find_on_account(txn, ctx->arena, what, id)
				      : find_on_status(txn, ctx->arena, what, id);
	if (url.len == 0 || !str_eq_secret(tag, tag_of(media, ctx->arena, what, id, url)) ||
	    is_blocked(media, txn, ctx, url))
		url = STR_NONE;
	db_read_end(&txn);
	return url;
}
