/* What the commands about communities share: one act of the operator, in a write of its own. */
#ifndef FF_DAEMON_COMMUNITIES_H
#define FF_DAEMON_COMMUNITIES_H

#include "node.h"
#include "social/community.h"
#include "social/community_profile.h"
#include "social/community_words.h"

struct asked {
	enum rc (*act)(struct social *s, struct asked *a);
	uint64_t community, who, status;
	struct community_words words;
	struct community_profile profile;
	struct str icon, banner; /* the bytes of files; empty: none */
	bool moves;		 /* it gets another parent, or none */
	uint64_t parent;
	/* a new one */
	const struct account *founder;
	struct new_account account;
	struct account_secrets secrets;
	/* an act upon somebody or something */
	enum community_act what;
	struct str role, reason;
	uint64_t until_ms;
	struct str secret;
	struct community_invite invite;
	void *of;  /* what the act needs beside all of that */
	bool more; /* a step was made, and there is another */
};

/* In as many steps as it takes; the reason of a failure is in cli->ctx. */
enum rc asked_run(struct cli *cli, struct node *node, struct asked *a) NODISCARD;

/* --- arguments --- */

/* The community that a word names: a group of this node. */
enum rc read_community(struct cli *cli, struct node *node, struct str word,
		       uint64_t *out) NODISCARD;
/* --reason, empty without. */
struct str read_reason(const struct cli *cli);
/* A time; 0 without. */
enum rc read_moment(struct cli *cli, const char *option, uint64_t *out) NODISCARD;

/* cmd_community_picture.c: what the options say of the icon and the banner. */
enum rc read_picture_words(struct cli *cli, struct community_profile *out) NODISCARD;
/* The files that the options name, into a->icon and a->banner: before anything is made. */
enum rc read_pictures(struct cli *cli, struct node *node, struct asked *a) NODISCARD;
/* The file that an option names, of the size of an upload at most; empty without. */
enum rc read_upload(struct cli *cli, const struct node *node, const char *option,
		    struct str *out) NODISCARD;
/* As media of the community, into a->profile. */
enum rc take_pictures(struct cli *cli, struct node *node, struct asked *a) NODISCARD;

/* --- looking --- */

typedef void community_print(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id);
/* One snapshot, and what is printed of it. */
enum rc read_with(struct cli *cli, struct node *node, uint64_t id,
		  community_print *print) NODISCARD;
/* cmd_community_manage.c: an act upon the community of the first argument, after which something of it is printed. */
enum rc upon_community(struct cli *cli, struct asked *a, community_print *print) NODISCARD;
/* cmd_community_member.c: an act upon somebody, whom the second argument names, in the community of the first; what was
 * done is printed. */
enum rc upon_somebody(struct cli *cli, struct asked *a) NODISCARD;
/* cmd_community_post.c: the same upon the post of the first argument. */
enum rc upon_post_with(struct cli *cli, struct asked a) NODISCARD;
/* Opens the node, finds the community of the first argument, prints something of it. */
enum rc look_at_community(struct cli *cli, community_print *print) NODISCARD;
/* Empty for nobody. */
struct str handle_of(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t id);

#endif
