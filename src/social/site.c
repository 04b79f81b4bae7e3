/* Addresses of the node. Pure. */
#include "social/site.h"

bool site_owns(const struct site *site, const struct iri *iri)
{
	return str_eq(iri->authority, site->host) || str_eq(iri->authority, site->domain);
}

bool site_owns_text(const struct site *site, struct str uri)
{
	size_t at = str_find(uri, STR("://"));
	if (at == uri.len)
		return false;
	struct str rest = str_skip(uri, at + 3);
	struct str authority = str_take(rest, str_index(rest, '/'));
	return str_eq(authority, site->host) || str_eq(authority, site->domain);
}

struct str site_actor_uri(struct arena *arena, const struct site *site, struct str username)
{
	return arena_printf(arena, "%.*s/users/%.*s", STR_ARG(site->base), STR_ARG(username));
}

struct str site_profile_url(struct arena *arena, const struct site *site, struct str username)
{
	return arena_printf(arena, "%.*s/@%.*s", STR_ARG(site->base), STR_ARG(username));
}

struct str site_actor_part(struct arena *arena, const struct site *site, struct str username,
			   const char *part)
{
	return arena_printf(arena, "%.*s/users/%.*s/%s", STR_ARG(site->base), STR_ARG(username),
			    part);
}

struct str site_status_uri(struct arena *arena, const struct site *site, struct str username,
			   uint64_t id)
{
	return arena_printf(arena, "%.*s/users/%.*s/statuses/%llu", STR_ARG(site->base),
			    STR_ARG(username), (unsigned long long)id);
}

struct str site_status_url(struct arena *arena, const struct site *site, struct str username,
			   uint64_t id)
{
	return arena_printf(arena, "%.*s/@%.*s/%llu", STR_ARG(site->base), STR_ARG(username),
			    (unsigned long long)id);
}

struct str site_activity_uri(struct arena *arena, struct str actor_uri, const char *kind,
			     uint64_t id)
{
	return arena_printf(arena, "%.*s#%s/%llu", STR_ARG(actor_uri), kind,
			    (unsigned long long)id);
}

struct str site_relay_uri(struct arena *arena, const struct site *site)
{
	return arena_join(arena, site->base, STR("/relay"));
}

struct str site_instance_uri(struct arena *arena, const struct site *site)
{
	return arena_join(arena, site->base, STR("/actor"));
}

struct str site_shared_inbox(struct arena *arena, const struct site *site)
{
	return arena_join(arena, site->base, STR("/inbox"));
}

struct str site_tag_base(struct arena *arena, const struct site *site)
{
	return arena_join(arena, site->base, STR("/tags/"));
}

struct str site_emoji_uri(struct arena *arena, const struct site *site, struct str shortcode)
{
	return arena_printf(arena, "%.*s/emojis/%.*s", STR_ARG(site->base), STR_ARG(shortcode));
}
