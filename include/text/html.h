/*
 * HTML that strangers wrote, made harmless; and text that people write, made HTML. A struct html
 * can only be made here, so that text which was not sanitised cannot reach a page by mistake.
 */
#ifndef FF_TEXT_HTML_H
#define FF_TEXT_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/ctx.h"
#include "core/str.h"

struct html {
	struct str markup;
};

#define HTML_INPUT_MAX (500 * 1024)
#define HTML_OUTPUT_MAX (150 * 1024)

/*
 * Allow-list, own serialiser (S-081, S-082). Idempotent. Input over the limit or out of memory:
 * RC_TOO_LARGE, RC_NO_MEMORY; everything else has a result, perhaps empty: what is nested deeper
 * than 128 elements, and all behind it, is not read; what would pass HTML_OUTPUT_MAX is left out; a
 * tag of hundreds of attributes voids the whole.
 */
enum rc html_sanitize(struct ctx *ctx, struct str markup, struct html *out) NODISCARD;
/* Text with the five special characters escaped, for element content and quoted attributes. */
void html_add_text(struct buf *out, struct str text);
/* The text that a person would read: tags gone, br and p as line ends, references decoded. */
enum rc html_to_text(struct ctx *ctx, struct html html, struct str *out) NODISCARD;
/* Markdown as peers send it where they send no HTML: blocks, emphasis, links, code. HTML within is
 * text. Results are html_sanitize()'s. */
enum rc text_markdown(struct ctx *ctx, struct str text, struct html *out) NODISCARD;
/* The same for Misskey's dialect, whose effects leave their text (FEP-c16b). */
enum rc text_mfm(struct ctx *ctx, struct str text, struct html *out) NODISCARD;
/* Plain text of a peer: paragraphs, line breaks, links. */
enum rc text_plain(struct ctx *ctx, struct str text, struct html *out) NODISCARD;

struct html_link {
	struct str href;       /* its references are decoded */
	struct str text;       /* without tags, in one piece */
	bool mention, hashtag; /* by class or rel */
	bool me;	       /* rel="me": it leads to who wrote it */
};
/* The next link of sanitised HTML; *rest begins as its markup. False at the end. */
bool html_link_next(struct ctx *ctx, struct str *rest, struct html_link *out);

/* What was stored by us as sanitised; only for repositories. */
static inline struct html html_trusted(struct str stored)
{
	return (struct html){ stored };
}

/*
 * Text of people made fit to be stored: NFC, line ends as LF, no controls but those and tabs, no
 * noncharacters, bidi controls in pairs only and no overrides (S-145). RC_INVALID when it is not
 * UTF-8; RC_TOO_LARGE when what is left passes a limit, max_chars in code points.
 */
enum rc text_clean(struct ctx *ctx, struct str text, size_t max_chars, size_t max_bytes,
		   struct str *out) NODISCARD;

/* What composing a post finds in it. Strings are in the arena. */
struct mention {
	struct str user;
	struct str host; /* canonical; absent for a local person */
	struct str url;	 /* the profile page, filled by resolve() */
	struct str uri;	 /* the actor, filled by resolve() */
};

struct composed {
	struct html html;
	struct mention *mentions; /* those that resolve() knew, once each */
	size_t mention_count;
	struct str *tags; /* as written, without "#", once each without regard to case */
	size_t tag_count;
};

struct compose_rules {
	/* Who is @user@host? Fills url and uri and returns true, or leaves the text as it is. */
	bool (*resolve)(void *arg, struct ctx *ctx, struct mention *mention);
	void *arg;
	struct str tag_base;	       /* "https://example.org/tags/" */
	size_t max_mentions, max_tags; /* surplus ones stay text */
	unsigned iri_flags;	       /* enum iri_flags for the hosts of mentions */
	bool own;		       /* links lead to who writes: rel="me" */
};

/*
 * Plain text to HTML: paragraphs, line breaks, links, mentions, hashtags (Unicode letters, not
 * numbers alone). html_sanitize() leaves the result as it is. RC_TOO_LARGE when it would pass
 * HTML_OUTPUT_MAX.
 */
enum rc text_compose(struct ctx *ctx, struct str text, const struct compose_rules *rules,
		     struct composed *out) NODISCARD;

/* Adds markup but for the link to a quoted post that it may have for readers who know no quotes: an
 * element of class "quote-inline" (FEP-044f). */
void html_add_without_quote(struct buf *out, struct html html);

/*
 * The canonical form under which a hashtag, its "#" taken off, is indexed: NFKC, case folded.
 * RC_INVALID for what is not one word of at most 100 characters with a letter.
 */
enum rc text_tag_fold(struct ctx *ctx, struct str tag, struct str *out) NODISCARD;
/* Is it a plausible BCP 47 tag ("de", "pt-BR")? */
bool text_language_valid(struct str tag);

/* The version of libxml2 that runs, which may be newer than the one it was built with. */
const char *text_library_version(void);

#endif
