/* What the tests of communities share: a community with an owner, people here and elsewhere, and each act
 * in a write of its own. */
#ifndef FF_SOCIAL_TEST_COMMUNITYKIT_H
#define FF_SOCIAL_TEST_COMMUNITYKIT_H

#include "deed.h"
#include "social/community.h"
#include "social/community_keep.h"

struct scene {
	struct test_store t;
	struct account alice, bob, carol, dave; /* dave is elsewhere */
	struct account group;
	struct community settings;
};

struct job {
	struct scene *scene;
	enum {
		CREATE,
		CHANGE,
		ADMIT,
		REFUSE,
		APPOINT,
		TRANSFER,
		BAN,
		UNBAN,
		MODERATE,
		INVITE,
		INVITE_OTHER,
		ENTER,
		ENTER_OTHER,
		ROLE,
		ROLE_DROP,
		RETAIN,
		TOLD,
		PIN
	} what;
	const struct account *actor;
	uint64_t account, role, status, until_ms;
	enum community_act act;
	struct community_role own_role;
	struct community_invite invite;
	size_t count;
};

enum rc scene_run(struct social *s, void *arg);
enum rc scene_act(struct scene *w, struct job job);
void scene_init(struct scene *w, const struct community *settings);
void scene_free(struct scene *w);
enum rc scene_join(struct scene *w, const struct account *who);
enum rc scene_leave(struct scene *w, const struct account *who);
struct community_standing scene_stand(struct scene *w, const struct account *who);
bool scene_sees(struct scene *w, const struct account *who, uint64_t id);
struct community_post scene_place(struct scene *w, uint64_t id);
struct community_totals scene_totals(struct scene *w);
enum rc scene_post(struct scene *w, const struct account *author, uint64_t parent, uint64_t *id);
/* The same without a wish, as an app does it that knows no communities: by its name in the text. */
enum rc scene_say(struct scene *w, const struct account *author, enum visibility visibility,
		  uint64_t parent, uint64_t *id);
bool scene_told(struct scene *w, enum federate_what what, struct federate *out);

/* One step of a job of keeping communities. */
struct scene_keeping {
	struct community_job job;
	bool end;
};
enum rc scene_keep(struct social *s, void *keeping);
/* Runs those that wait, and what comes of them; in how many writes. Other jobs that stood there are dropped. */
size_t scene_run_jobs(struct scene *w);

#endif
