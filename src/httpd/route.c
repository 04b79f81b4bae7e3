/*
 * The tree of routes: built at start from the tables of the modules, read-only from then on, read
 * by every listener thread. Literal segments are tried before parameters.
 */
#include "route_int.h"

#include <stdlib.h>

#include "accept_int.h"

#define TREE_MAX ((size_t)4 << 20)
#define METHOD_BIT(method) (1u << (method))

struct row {
	struct row *next;
	const struct httpd_route *route;
	void *app;
	bool waits;
	httpd_handler *too_large;
};

struct node {
	struct node *next; /* sibling; in the order they are tried */
	struct node *children;
	struct row *rows;
	struct str text; /* the literal, or what stands before a parameter's colon */
	bool param;
};

struct routes {
	struct arena *arena;
	struct node root;
};

void routes_free(struct routes **routes)
{
	if (*routes == NULL)
		return;
	arena_free(&(*routes)->arena);
	free(*routes);
	*routes = NULL;
}

/* Literals first, then parameters with the longer text before them. */
static bool comes_before(const struct node *a, const struct node *b)
{
	if (a->param != b->param)
		return !a->param;
	return a->param && a->text.len > b->text.len;
}

static struct node *child_for(struct routes *routes, struct node *parent, struct str segment)
{
	struct str text, name;
	bool param = str_split(segment, ':', &text, &name);
	struct node **at = &parent->children;
	for (struct node *n = parent->children; n != NULL; n = n->next) {
		if (n->param == param && str_eq(n->text, text))
			return n;
	}
	struct node *node = ARENA_NEW(routes->arena, struct node);
	if (node == NULL)
		return NULL;
	node->text = text;
	node->param = param;
	while (*at != NULL && !comes_before(node, *at))
		at = &(*at)->next;
	node->next = *at;
	*at = node;
	return node;
}

static enum rc add_row(struct err *err, struct routes *routes, struct node *node,
		       const struct httpd_route *route, const struct httpd_route_table *table)
{
	struct row **at = &node->rows;
	for (; *at != NULL; at = &(*at)->next) {
		if ((*at)->route->method == route->method && (*at)->route->offer == route->offer)
			return err_set(err, RC_INVALID, "two routes for %s", route->path);
	}
	struct row *row = ARENA_NEW(routes->arena, struct row);
	if (row == NULL)
		return err_set(err, RC_NO_MEMORY, "too many routes");
	*row = (struct row){ NULL, route, table->app, table->waits, table->too_large };
	*at = row;
	return RC_OK;
}

static enum rc add_route(struct err *err, struct routes *routes, const struct httpd_route *route,
			 const struct httpd_route_table *table)
{
	struct str rest = str_of(route->path), segment;
	struct node *node = &routes->root;
	size_t params = 0;
	if (!str_has_prefix(rest, STR("/")) || route->handle == NULL)
		return err_set(err, RC_INVALID, "malformed route %s", route->path);
	rest = str_skip(rest, 1);
	while (str_next(&rest, '/', &segment)) {
		params += str_index(segment, ':') != segment.len;
		node = child_for(routes, node, segment);
		if (node == NULL)
			return err_set(err, RC_NO_MEMORY, "too many routes");
	}
	if (params > HTTPD_PARAMS_MAX)
		return err_set(err, RC_INVALID, "too many parameters in %s", route->path);
	return add_row(err, routes, node, route, table);
}

enum rc routes_new(struct err *err, const struct httpd_route_table *tables, size_t table_count,
		   struct routes **out)
{
	enum rc rc = RC_OK;
	struct routes *routes = calloc(1, sizeof(*routes));
	if (routes != NULL)
		routes->arena = arena_new(TREE_MAX);
	if (routes == NULL || routes->arena == NULL) {
		routes_free(&routes);
		return err_set(err, RC_NO_MEMORY, "no memory for routes");
	}
	for (size_t t = 0; t < table_count && rc == RC_OK; t++) {
		for (size_t r = 0; r < tables[t].count && rc == RC_OK; r++)
			rc = add_route(err, routes, &tables[t].routes[r], &tables[t]);
	}
	if (rc != RC_OK)
		routes_free(&routes);
	*out = routes;
	return rc;
}

static bool node_takes(const struct node *node, struct str segment, struct route_match *m)
{
	if (!node->param)
		return str_eq(node->text, segment);
	if (segment.len <= node->text.len || !str_has_prefix(segment, node->text))
		return false;
	m->params[m->param_count++] = str_skip(segment, node->text.len);
	return true;
}

/* As deep as the deepest pattern, whatever the path is. */
static const struct node *find_node(const struct node *parent, struct str rest,
				    struct route_match *m)
{
	struct str segment;
	str_next(&rest, '/', &segment);
	for (const struct node *n = parent->children; n != NULL; n = n->next) {
		size_t params = m->param_count;
		const struct node *found = NULL;
		if (node_takes(n, segment, m)) {
			if (rest.ptr != NULL)
				found = find_node(n, rest, m);
			else if (n->rows != NULL)
				found = n;
		}
		if (found != NULL)
			return found;
		m->param_count = params;
	}
	return NULL;
}

static const struct row *row_for(const struct node *node, enum http_method method,
				 enum http_offer offer)
{
	for (const struct row *row = node->rows; row != NULL; row = row->next) {
		if (row->route->method == method && row->route->offer == offer)
			return row;
	}
	return NULL;
}

static bool is_single(unsigned set)
{
	return (set & (set - 1)) == 0;
}

/* Picks the row of a node that fits method and Accept. */
static void choose_row(const struct node *node, enum http_method method,
		       const struct httpd_header *headers, size_t header_count,
		       struct route_match *m)
{
	const struct row *row = NULL;
	enum http_offer offer = HTTP_ANY;
	unsigned offers = 0;
	for (const struct row *r = node->rows; r != NULL; r = r->next) {
		m->methods |= METHOD_BIT(r->route->method);
		if (r->route->method == method) {
			offers |= OFFER_BIT(r->route->offer);
			row = r;
		}
	}
	if (row == NULL) {
		m->status = 405;
		return;
	}
	if (!is_single(offers)) {
		m->negotiated = true;
		if (!accept_choose(headers, header_count, offers, &offer)) {
			m->status = 406;
			return;
		}
		row = row_for(node, method, offer);
	}
	m->route = row->route;
	m->app = row->app;
	m->waits = row->waits;
	m->too_large = row->too_large;
}

struct route_match routes_match(const struct routes *routes, enum http_method method,
				struct str path, const struct httpd_header *headers,
				size_t header_count)
{
	struct route_match m = { 0 };
	const struct node *node = find_node(&routes->root, str_skip(path, 1), &m);
	if (node == NULL)
		m.status = 404;
	else
		choose_row(node, method, headers, header_count, &m);
	return m;
}

struct str route_allow(struct arena *arena, unsigned methods)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET, HEAD", [HTTP_POST] = "POST",	    [HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH",	  [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS",
	};
	struct str allow = STR("");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if ((methods & METHOD_BIT(i)) == 0)
			continue;
		if (allow.len != 0)
			allow = arena_join(arena, allow, STR(", "));
		allow = arena_join(arena, allow, str_of(names[i]));
	}
	return allow;
}
