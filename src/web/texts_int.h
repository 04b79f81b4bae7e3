/* The pages that say what the node is, and under which terms. */
#ifndef FF_WEB_TEXTS_INT_H
#define FF_WEB_TEXTS_INT_H

#include "store/office.h"
#include "text/html.h"
#include "web_int.h"

#define ABOUT_HOLDERS_MAX 50

/* Somebody who looks after the node. */
struct holder {
	const struct account *account;
	struct str role;
};

struct about_view {
	struct html text; /* empty: none was set */
	struct rule *rules;
	size_t rule_count;
	struct holder *holders;
	size_t holder_count;
	struct node_totals totals;
	uint64_t active; /* people, this month */
	bool has_privacy, has_terms;
};

struct text_view {
	enum document_kind kind;
	struct html text;
	uint64_t since_ms; /* when it was changed, or from when it holds */
	uint64_t next_ms;  /* when other terms hold; 0: none are known */
};

/* What reading_begin() returns; RC_NOT_FOUND where there is no such text. */
enum rc gather_about(const struct web *web, struct ctx *ctx, struct about_view *out) NODISCARD;
enum rc gather_text(const struct web *web, struct ctx *ctx, enum document_kind kind,
		    struct text_view *out) NODISCARD;

void render_about(struct buf *out, const struct web *web, const struct about_view *view);
void render_text(struct buf *out, const struct web *web, const struct text_view *view);

#endif
