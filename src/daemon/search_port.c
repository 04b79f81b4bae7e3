/* The port of searching. Any thread. */
#include "search_port.h"

#include <stdlib.h>

#include "core/must.h"

/* Who waits for an answer. */
struct asking {
	search_done *done;
	void *arg;
};

static struct asking *asking_new(search_done *done, void *arg)
{
	struct asking *a = malloc(sizeof(*a));
	must(a != NULL);
	*a = (struct asking){ done, arg };
	return a;
}

static void answered(void *arg, enum rc rc, uint64_t id, struct str reason UNUSED)
{
	struct asking *a = arg;
	a->done(a->arg, rc, id);
	free(a);
}

static void ask_handle(void *arg, struct str user, struct str host, search_done *done,
		       void *done_arg)
{
	fed_resolve_handle(arg, user, host, answered, asking_new(done, done_arg));
}

static void ask_address(void *arg, struct str uri, search_done *done, void *done_arg)
{
	fed_resolve_address(arg, uri, answered, asking_new(done, done_arg));
}

static void ask_actor(void *arg, struct str uri, search_done *done, void *done_arg)
{
	fed_resolve_actor(arg, uri, false, answered, asking_new(done, done_arg));
}

struct search_port search_port_of(struct fed *fed)
{
	return (struct search_port){
		.handle = ask_handle, .address = ask_address, .actor = ask_actor, .arg = fed
	};
}
