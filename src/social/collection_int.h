/* What the files of collections share. Inside transactions only. */
#ifndef FF_SOCIAL_COLLECTION_INT_H
#define FF_SOCIAL_COLLECTION_INT_H

#include "act_int.h"
#include "social/collection.h"

void collection_tell(struct social *s, enum federate_what what, const struct account *owner,
		     const struct collection *c, const struct account *account, struct str object);
void collection_tell_one(struct social *s, enum federate_what what, const struct account *actor,
			 const struct account *target, const struct collection *c,
			 const struct collection_item *item);
/* Those people here who are in it hear that it says something else. */
void collection_told_edit(struct social *s, const struct account *owner,
			  const struct collection *c);
void collection_accept(struct social *s, const struct account *owner, struct collection *c,
		       struct collection_item *item, const struct account *account);
void collection_drop(struct social *s, const struct account *owner, struct collection *c,
		     const struct collection_item *item, const struct account *account);

#endif
