/* The writer of harmless HTML, and what the sanitiser and the composer share. Inside text only. */
#ifndef FF_TEXT_HTML_INT_H
#define FF_TEXT_HTML_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"
#include "host_int.h"
#include "text/html.h"
#include "text/iri.h"

/* constant, name, kind */
#define HTML_TAG_TABLE(X)                 \
	X(A, "a", INLINE)                 \
	X(B, "b", INLINE)                 \
	X(BLOCKQUOTE, "blockquote", FLOW) \
	X(CODE, "code", INLINE)           \
	X(DEL, "del", INLINE)             \
	X(EM, "em", INLINE)               \
	X(I, "i", INLINE)                 \
	X(LI, "li", ITEM)                 \
	X(OL, "ol", LIST)                 \
	X(P, "p", PARAGRAPH)              \
	X(PRE, "pre", PARAGRAPH)          \
	X(RP, "rp", RUBY_PART)            \
	X(RT, "rt", RUBY_PART)            \
	X(RUBY, "ruby", INLINE)           \
	X(S, "s", INLINE)                 \
	X(SPAN, "span", INLINE)           \
	X(STRONG, "strong", INLINE)       \
	X(U, "u", INLINE)                 \
	X(UL, "ul", LIST)

enum html_tag {
#define X(constant, name, kind) TAG_##constant,
	HTML_TAG_TABLE(X)
#undef X
};

/* More than any post needs; what is deeper loses its tags and keeps its text. */
#define HTML_OPEN_MAX 64

/* An element that is open in the output. */
struct html_open {
	enum html_tag tag;
	bool run_before; /* the writer's run when it was opened */
	unsigned id;
	size_t start; /* where its start tag begins */
	size_t inner; /* and where it ends */
};

/*
 * Writes elements so that every parser reads them as they were meant: paragraphs hold no blocks,
 * lists hold items only, links hold no links, what is opened is closed, empty elements vanish.
 * Bytes that may not be seen are left out.
 */
struct html_writer {
	struct buf out;
	struct html_open open[HTML_OPEN_MAX];
	size_t depth;
	unsigned last_id;
	size_t limit;  /* nothing is begun behind it */
	bool run;      /* the block that is open has text already */
	bool boundary; /* a block ended that left no tag: a space goes before further text */
	bool full;     /* the limit was met, the rest is left out */
};

/* The writer is freed by html_writer_free(), also when it was finished. */
void html_writer_init(struct html_writer *w);
void html_writer_free(struct html_writer *w);
/*
 * Begins an element with its attributes as written there (" a=\"b\""), closing what cannot hold it.
 * Returns what html_writer_close() takes; 0 when the element cannot stand here, and what it holds
 * will stand alone.
 */
unsigned html_writer_open(struct html_writer *w, enum html_tag tag, struct str attributes);
/* Ends an element, and those within, unless it has ended already. */
void html_writer_close(struct html_writer *w, unsigned id);
/* Is an element of that tag open? */
bool html_writer_within(const struct html_writer *w, enum html_tag tag);
/* Text, escaped. */
void html_writer_text(struct html_writer *w, struct str text);
void html_writer_break(struct html_writer *w);
/* The edge of a block that has no tag in the output. */
void html_writer_boundary(struct html_writer *w);
enum rc html_writer_finish(struct html_writer *w, struct ctx *ctx, struct html *out) NODISCARD;

/* The attributes of one element after another. */
struct html_attributes {
	struct buf text; /* what is kept, as html_writer_open() takes it */
	struct buf classes;
	struct buf href;
};

void html_attributes_init(struct html_attributes *a);
void html_attributes_free(struct html_attributes *a);
/*
 * Fills a->text from libxml2's list of name, value (or NULL), ..., NULL. False for a link that
 * leads nowhere we know: its text stands alone.
 */
bool html_attributes_collect(struct html_attributes *a, enum html_tag tag,
			     const unsigned char **list) NODISCARD;

/* Adds ` href="..."`, `class` unless empty, `rel` (its own words, then ours) and `target`. */
void html_add_link(struct buf *attributes, struct str href, struct str classes, struct str rel);

/*
 * Appends the link as we write it: a scheme that is allowed, a host that is one, everything else
 * percent-encoded (S-082). False when it is no such link; out is then as it was. host_flags are
 * iri_parse()'s.
 */
#define HREF_HOST_FLAGS (IRI_LITERAL | HOST_UNDERSCORE)
bool href_write(struct buf *out, struct str value, unsigned host_flags) NODISCARD;

/* The value in libxml2's list of name, value, ..., NULL; absent when there is no such attribute. */
struct str html_attribute(const unsigned char **list, const char *name);

/*
 * A formula on its way in (FEP-dc88): of all that a math element holds only the text of an
 * annotation is kept, in TeX if there is one. depth counts from the math element, which has 1.
 */
struct html_math {
	struct buf tex;
	bool block;	/* display="block" */
	bool semantics; /* the element at depth 2 is one */
	bool reading;	/* an annotation is open */
	bool is_tex;	/* what was read is TeX */
};

void html_math_init(struct html_math *m);
void html_math_free(struct html_math *m);
void html_math_begin(struct html_math *m, const unsigned char **list);
void html_math_open(struct html_math *m, size_t depth, const char *name,
		    const unsigned char **list);
void html_math_text(struct html_math *m, struct str text);
void html_math_close(struct html_math *m, size_t depth);
/* Writes what the formula says; nothing when it has no annotation. */
void html_math_end(struct html_math *m, struct html_writer *w);

/* May the tag have so many attributes that a parser takes long? True for what nobody but an
 * attacker writes. */
bool html_guard_trips(struct str markup);

#endif
