/* The hub's thread, its queue of commands, and the channels that it keeps. */
#include "hub_int.h"

#include <stdlib.h>

#define HUB_ARENA ((size_t)64 << 20)
#define HUB_MAILBOX 4096

/* --- commands --- */

void hub_post(struct hub *hub, struct hub_command *command)
{
	command->next = NULL;
	atomic_fetch_add(&command->client->waiting, 1);
	pthread_mutex_lock(&hub->mutex);
	*hub->last = command;
	hub->last = &command->next;
	pthread_mutex_unlock(&hub->mutex);
	sem_post(&hub->wake);
}

bool hub_command(struct hub_client *client, enum hub_act act, const struct topic *topic)
{
	size_t len = topic->key.len + topic->tag.len;
	struct hub_command *command = atomic_load(&client->waiting) < HUB_COMMANDS_MAX
					      ? malloc(sizeof(*command) + len)
					      : NULL;
	if (command == NULL)
		return false;
	*command = (struct hub_command){ .client = client, .act = act, .topic = *topic };
	char *bytes = (char *)(command + 1);
	memcpy(bytes, topic->key.ptr, topic->key.len);
	if (topic->tag.len != 0)
		memcpy(bytes + topic->key.len, topic->tag.ptr, topic->tag.len);
	command->topic.key = str_n(bytes, topic->key.len);
	command->topic.tag = str_n(bytes + topic->key.len, topic->tag.len);
	hub_post(client->hub, command);
	return true;
}

/* --- channels --- */

struct hub_channel *hub_channel(struct hub *hub, enum topic_kind kind, uint64_t id,
				struct str folded)
{
	if (hub->by_kind[kind] == NULL)
		return NULL;
	struct topic topic = topic_of(hub->arena, kind, id, folded);
	return topic.key.ptr != NULL ? map_get(&hub->channels, topic.key) : NULL;
}

static struct hub_channel *channel_new(struct hub *hub, const struct topic *topic)
{
	struct hub_channel *channel = calloc(1, sizeof(*channel) + topic->key.len);
	if (channel == NULL)
		return NULL;
	channel->kind = topic->kind;
	channel->id = topic->id;
	memcpy(channel + 1, topic->key.ptr, topic->key.len);
	channel->key = str_n(channel + 1, topic->key.len);
	if (!map_put(&hub->channels, channel->key, channel)) {
		free(channel);
		return NULL;
	}
	channel->next = hub->by_kind[topic->kind];
	if (channel->next != NULL)
		channel->next->prev = channel;
	hub->by_kind[topic->kind] = channel;
	hub->channel_count[topic->kind]++;
	return channel;
}

static void channel_drop(struct hub *hub, struct hub_channel *channel)
{
	map_del(&hub->channels, channel->key);
	if (channel->prev != NULL)
		channel->prev->next = channel->next;
	else
		hub->by_kind[channel->kind] = channel->next;
	if (channel->next != NULL)
		channel->next->prev = channel->prev;
	hub->channel_count[channel->kind]--;
	hub_reader_free(&channel->reader);
	free(channel);
}

static struct hub_link **link_of(struct hub_client *client, struct str key)
{
	struct hub_link **at = &client->links;
	while (*at != NULL && !str_eq((*at)->channel->key, key))
		at = &(*at)->sibling;
	return at;
}

/* False when memory is exhausted. */
static bool link_add(struct hub *hub, struct hub_client *client, const struct topic *topic)
{
	struct hub_channel *channel = map_get(&hub->channels, topic->key);
	struct hub_link *link = calloc(1, sizeof(*link) + topic->tag.len);
	if (link != NULL && channel == NULL)
		channel = channel_new(hub, topic);
	if (link == NULL || channel == NULL) {
		free(link);
		return false;
	}
	link->client = client;
	link->channel = channel;
	if (topic->tag.len != 0)
		memcpy(link + 1, topic->tag.ptr, topic->tag.len);
	link->tag = str_n(link + 1, topic->tag.len);
	link->next = channel->links;
	if (link->next != NULL)
		link->next->prev = link;
	channel->links = link;
	link->sibling = client->links;
	client->links = link;
	client->link_count++;
	return true;
}

static void link_drop(struct hub *hub, struct hub_link **at)
{
	struct hub_link *link = *at;
	struct hub_channel *channel = link->channel;
	*at = link->sibling;
	link->client->link_count--;
	if (link->prev != NULL)
		link->prev->next = link->next;
	else
		channel->links = link->next;
	if (link->next != NULL)
		link->next->prev = link->prev;
	free(link);
	if (channel->links == NULL)
		channel_drop(hub, channel);
}

/* --- clients --- */

static void client_enter(struct hub *hub, struct hub_client *client)
{
	client->next = hub->clients;
	if (client->next != NULL)
		client->next->prev = client;
	hub->clients = client;
	/* it may have been revoked before anybody here knew that it is used */
	if (!hub_meet(hub, client))
		hub_end_client(client);
}

/* The last command of a client. */
static void client_leave(struct hub *hub, struct hub_client *client)
{
	while (client->links != NULL)
		link_drop(hub, &client->links);
	if (client->prev != NULL)
		client->prev->next = client->next;
	else
		hub->clients = client->next;
	if (client->next != NULL)
		client->next->prev = client->prev;
	httpd_stream_release(&client->stream);
	client->magic = 0;
	free(client);
}

void hub_end_client(struct hub_client *client)
{
	httpd_stream_end(client->stream);
}

static void subscribe(struct hub *hub, struct hub_client *client, const struct topic *topic)
{
	if (*link_of(client, topic->key) != NULL || !hub_may_hear(hub, client, topic))
		return;
	if (client->link_count == HUB_TOPICS_MAX || !link_add(hub, client, topic))
		hub_end_client(client);
}

static void unsubscribe(struct hub *hub, struct hub_client *client, const struct topic *topic)
{
	struct hub_link **at = link_of(client, topic->key);
	if (*at != NULL)
		link_drop(hub, at);
}

static void carry_out(struct hub *hub, struct hub_command *command)
{
	struct hub_client *client = command->client;
	atomic_fetch_sub(&client->waiting, 1);
	switch (command->act) {
	case HUB_OPENED:
		client_enter(hub, client);
		return;
	case HUB_ENDED:
		client_leave(hub, client);
		return;
	case HUB_SUBSCRIBE:
		subscribe(hub, client, &command->topic);
		break;
	case HUB_UNSUBSCRIBE:
		unsubscribe(hub, client, &command->topic);
		break;
	}
	free(command);
}

/* --- the thread --- */

/* What was missed is not known: clients connect again and read what is new. */
static void end_all(struct hub *hub)
{
	for (struct hub_client *client = hub->clients; client != NULL; client = client->next)
		hub_end_client(client);
}

static void take_events(struct hub *hub)
{
	struct bus_event *event;
	while ((event = bus_take(hub->events)) != NULL) {
		if (hub->clients != NULL)
			hub_tell(hub, live_of_event(event));
		arena_reset(hub->arena);
		bus_event_release(&event);
	}
	if (bus_lost(hub->events) != 0)
		end_all(hub);
}

/* True when there will be no more. */
static bool take_commands(struct hub *hub)
{
	pthread_mutex_lock(&hub->mutex);
	struct hub_command *command = hub->first;
	bool ending = hub->ending;
	hub->first = NULL;
	hub->last = &hub->first;
	pthread_mutex_unlock(&hub->mutex);
	for (struct hub_command *next; command != NULL; command = next) {
		next = command->next;
		carry_out(hub, command);
		arena_reset(hub->arena);
	}
	return ending;
}

static void *hub_main(void *arg)
{
	struct hub *hub = arg;
	for (;;) {
		while (sem_wait(&hub->wake) != 0)
			;
		/* what a client was told after it has left is lost, not what it asked for before */
		if (take_commands(hub))
			break;
		take_events(hub);
	}
	return NULL;
}

static void wake(void *arg)
{
	sem_post(arg);
}

enum rc hub_new(struct api *api, struct bus *bus, struct hub **out)
{
	struct hub *hub = calloc(1, sizeof(*hub));
	*out = NULL;
	if (hub == NULL)
		return RC_NO_MEMORY;
	hub->api = api;
	hub->last = &hub->first;
	must(sem_init(&hub->wake, 0, 0) == 0);
	must(pthread_mutex_init(&hub->mutex, NULL) == 0);
	const struct bus_subscription wanted = { BUS_ALL_KINDS, HUB_MAILBOX, BUS_DROP_OLDEST, wake,
						 &hub->wake };
	hub->arena = arena_new(HUB_ARENA);
	hub->scratch = arena_new(HUB_ARENA);
	hub->events = bus_subscribe(bus, &wanted);
	if (hub->arena == NULL || hub->scratch == NULL || hub->events == NULL ||
	    pthread_create(&hub->thread, NULL, hub_main, hub) != 0) {
		hub_free(&hub);
		return RC_NO_MEMORY;
	}
	pthread_setname_np(hub->thread, "live");
	hub->started = true;
	*out = hub;
	return RC_OK;
}

void hub_free(struct hub **at)
{
	struct hub *hub = *at;
	if (hub == NULL)
		return;
	if (hub->started) {
		pthread_mutex_lock(&hub->mutex);
		hub->ending = true;
		pthread_mutex_unlock(&hub->mutex);
		sem_post(&hub->wake);
		must(pthread_join(hub->thread, NULL) == 0);
	}
	must(hub->clients == NULL && map_count(&hub->channels) == 0);
	bus_unsubscribe(&hub->events);
	arena_free(&hub->arena);
	arena_free(&hub->scratch);
	map_free(&hub->channels);
	pthread_mutex_destroy(&hub->mutex);
	sem_destroy(&hub->wake);
	free(hub);
	*at = NULL;
}
