/* What the tests of lanes share: a community that alice owns, with bob and carol in it, and mona, who
 * moderates the node. */
#ifndef FF_SOCIAL_TEST_LANEKIT_H
#define FF_SOCIAL_TEST_LANEKIT_H

#include "../statement_int.h"
#include "communitykit.h"
#include "social/moderate.h"
#include "store/strike.h"

struct act {
	struct scene *w;
	enum rc (*run)(struct social *s, struct act *a);
	const struct account *actor, *target;
	struct report filed;
	struct sentence sentence;
	struct preset preset;
	struct str text;
	enum report_step step;
	enum report_category category;
	uint64_t report, note, strike, status;
	enum community_act what;
	bool approve;
};

/* In a write of its own. */
enum rc act_on(struct scene *w, struct act *a, enum rc (*run)(struct social *s, struct act *a));
/* Returns mona. */
struct account lanes_init(struct scene *w);
enum rc file_run(struct social *s, struct act *a);
/* carol reports what bob has posted there. */
struct act filed(struct scene *w, struct str *uri, enum report_category category);
struct report report_of(struct scene *w, uint64_t id);
/* Notifications of a kind. */
size_t told(struct scene *w, uint64_t who, enum notice_kind kind);
/* Letters that wait to be sent. */
size_t letters(struct scene *w, enum statement_about about, uint64_t to, struct statement *last);

#endif
