// Where our client API and the published schema differ, each with its reason. The suite `schema` refuses differences without a
// row here, and rows that say of nothing (any more) that it differs.

// What the schema says of an answer and the documentation does not, or that it has wrong.
const digits = { fault: /params[./]in_reply_to_id (should|must) be integer/, why: "an id as a number loses digits where numbers are doubles" };
export const FAULTS = {
  "*": [],
  "GET /.well-known/oauth-authorization-server": [{ fault: /scopes_supported\[\d+\] should be equal to one of the allowed values/, why: "read:communities and write:communities are ours" }],
  "GET /api/v1/scheduled_statuses": [digits],
  "GET /api/v1/scheduled_statuses/{}": [digits],
  "PUT /api/v1/scheduled_statuses/{}": [digits],
  "GET /api/v2/notifications": [{ fault: /notification_groups\[\d+\]\.type should be equal to one of the allowed values/, why: "the list of a group's types is older than added_to_collection, which the documentation has for both forms" }],
  "GET /api/v1/filters": [{ fault: /^ should be object/, why: "it is an array, says the documentation" }],
};

// What the schema names and we do not serve.
export const NOT_SERVED = {
  "GET /oauth/authorize": "a page of the module web, which is no JSON",
};

// Our routes that the schema does not name.
export const BEYOND = [
  { routes: /^[A-Z]+ \/api\/fediflow\//, why: "what institutions have and Mastodon has not, at addresses of its own" },
  { routes: /^GET \/api\/v1\/(timelines\/group\/|groups\/)/, why: "Mitra's API of groups, which its clients know: suite `communities`" },
  { routes: /^[A-Z]+ \/api\/v[12]\/admin\//, why: "methods/admin: the schema leaves what moderators do away" },
  { routes: /^GET \/api\/v1\/streaming$/, why: "methods/streaming#websocket: no answer of JSON" },
  { routes: /^[A-Z]+ \/api\/v2_alpha\/notifications/, why: "what v2/notifications was called before 4.3; clients of that time ask for it" },
  { routes: /^(GET|PUT) \/api\/v1\/notifications\/policy$/, why: "the policy before it was v2's" },
  { routes: /^DELETE \/api\/v1\/notifications\//, why: "undocumented, but what toot, Mastodon.py and old clients send" },
  { routes: /^GET \/api\/v1\/(search|trends)$/, why: "removed from the documentation; old clients still ask" },
  { routes: /^POST \/api\/v1\/conversations\/\{\}\/unread$/, why: "undocumented, but Mastodon has it since 4.2 and clients call it" },
  { routes: /^GET \/api\/v1\/(domain_blocks\/preview|instance\/languages|emails\/check_confirmation)$/, why: "undocumented, but Mastodon's own app asks for it" },
];

// Scopes that are others than the schema's: what we ask for, any of these.
export const OTHER_SCOPES = {
  "DELETE /api/v1/suggestions/{}": { ours: "read:accounts", why: "the schema wants all of `read`, which holds it; the leaf is enough" },
  "GET /api/v1_alpha/async_refreshes/{}": { ours: "read:statuses", why: "the same; there are only those of threads" },
  "GET /api/v1/suggestions": { ours: "read:accounts", why: "the same" },
  "GET /api/v2/suggestions": { ours: "read:accounts", why: "the same" },
  "GET /api/v1/accounts/{}/identity_proofs": { ours: "read:accounts", why: "the schema says a user token with no scope at all" },
  "GET /api/v1/statuses/{}/favourited_by": { ours: "read:accounts, read:statuses", why: "Mastodon asks for read:accounts, its documentation for read:statuses" },
  "GET /api/v1/statuses/{}/reblogged_by": { ours: "read:accounts, read:statuses", why: "the same" },
  "GET /api/v1/streaming/user/notification": { ours: "read:notifications", why: "it has notifications alone" },
  "GET /api/v2/notifications/{}/accounts": { ours: "read:notifications", why: "the documentation says write:notifications by mistake: nothing is written" },
  "GET /oauth/userinfo": { ours: "profile, read:accounts", why: "who may read accounts may read this one" },
};

// Parameters: "-x" is theirs alone, "+x" ours alone, "x: a, b" has the type a there and b here. EVERYWHERE: of any endpoint.
export const EVERYWHERE = [{ differ: "+min_id", why: "every list is paged both ways here" }];
export const OTHER_PARAMETERS = {
  "POST /api/v1/follow_requests/{}/authorize": { differ: ["+group_id"], why: "the community that is meant, when somebody asks several of those whom one tends" },
  "POST /api/v1/follow_requests/{}/reject": { differ: ["+group_id"], why: "as above" },
  "POST /api/v1/reports": { differ: ["+community_id"], why: "whose lane it goes to, when no post is reported" },
  "POST /api/v1/media": { differ: ["+resource"], why: "a document, which a community shares, is taken when it is asked for" },
  "POST /api/v2/media": { differ: ["+resource"], why: "as above" },
  "GET /api/v1/notifications/unread_count": { differ: ["+include_filtered"], why: "what is counted is what the list shows" },
  "GET /api/v2/notifications/unread_count": { differ: ["+include_filtered"], why: "the same" },
  "PATCH /api/v2/notifications/policy": { differ: ["+for_not_following", "+for_not_followers", "+for_new_accounts", "+for_private_mentions", "+for_limited_accounts"], why: "the documentation has them as parameters of the path, where the schema loses them" },
  "POST /api/v1/apps": { differ: ["+redirect_uris"], why: "before 4.3 it was one text, with an address in each line" },
  "POST /api/v1/statuses": { differ: ["+group_id"], why: "the community to post in, as Mitra has it" },
  "POST /api/v1/filters": { differ: ["expires_in: integer, text"], why: "an empty one ends the expiry" },
  "PUT /api/v1/filters/{}": { differ: ["expires_in: integer, text"], why: "the same" },
  "POST /api/v2/filters": { differ: ["expires_in: integer, text"], why: "the same" },
  "PUT /api/v2/filters/{}": { differ: ["expires_in: integer, text"], why: "the same" },
  "POST /api/v1/notifications/requests/accept": { differ: ["+id[]"], why: "the documentation has it; the schema loses it" },
  "POST /api/v1/notifications/requests/dismiss": { differ: ["+id[]"], why: "the same" },
  "POST /api/v1/push/subscription": { differ: ["+policy"], why: "some clients send it beside `data`" },
  "PUT /api/v1/push/subscription": { differ: ["+data[alerts][quote]", "+data[alerts][quoted_update]", "+data[policy]"], why: "as when it is made; the documentation forgets them here" },
  "PUT /api/v1/statuses/{}": { differ: ["-media_attributes[][]", "+media_attributes[][id]", "+media_attributes[][description]", "+media_attributes[][focus]"], why: "the documentation names the members in prose alone" },
};

// Fields that we never send with a value.
export const NEVER = {
  "Instance.configuration.urls.status": "there is no such page",
  "OEmbedResponse.height": "the frame grows with what it shows",
  "Instance.thumbnail.blurhash": "the picture is drawn, it has no blur",
  "NotificationFallback.details": "the title says all",
  "AsyncRefresh.result_count": "what has come is in the thread",
  "MetaDetails.bitrate": "films are made anew; what they had before says nothing",
  "MetaDetails.frame_rate": "the same",
  "ScheduledStatus.params.scheduled_at": "Mastodon sends null, too: the time stands beside params",
  "Status.tagged_collections": "links to collections stay links",
};

// Fields that we send, in cases that the walk does not come to.
export const SOMETIMES = {
  "Account.moved": "of who has moved: suite `moves`",
  "CredentialAccount.moved": "the same",
  "CredentialAccount.suspended": "who is suspended does not come in",
  "MutedAccount.limited": "as with Account",
  "MutedAccount.memorial": "as with Account",
  "MutedAccount.moved": "as with Account",
  "MutedAccount.suspended": "who is suspended is not listed",
  "Application.website": "of an application that has one: src/api/test/test_call.c",
  "Status.application.website": "the same",
  "Collection.url": "of a collection elsewhere; ours have no pages",
  "Error.error_description": "of OAuth: suite `sign-in`",
  "MediaAttachment.remote_url": "of media elsewhere: suite `media`",
  "MetaDetails.duration": "of films and sounds: suite `media`",
  "Instance.registrations.message": "where registrations are closed: suite `sign-up`",
  "Instance.registrations.min_age": "where there is one: suite `sign-up`",
  "Instance.registrations.url": "where people sign up elsewhere: suite `sign-up`",
  "Reaction.static_url": "of custom emoji: src/api/test/test_own.c",
  "Reaction.url": "of custom emoji: src/api/test/test_own.c",
  "ScheduledStatus.params.idempotency": "where the client sends a key: src/api/test/test_own.c",
  "AccountWarning.appeal": "of who has appealed: suite `moderation`",
  "AccountWarning.status_ids": "of acts about posts: suite `moderation`",
  "Field.verified_at": "of links that lead back: suite `links`",
  "Status.card": "of links that can be read: suite `cards`",
};

// Fields that we send and the schema does not know.
export const MORE_FIELDS = {
  "Account.requested_group": "of who asks to join a community: in the list of those who ask to follow",
  "Error.details": "of what fails validation, also where the schema has the plain form",
  "Instance.configuration.vapid": "entities/Instance#vapid_public_key; the schema loses it",
  "MetaDetails.size": "entities/MediaAttachment has it in its examples; clients read it",
  "NotificationGroup.collection": "as of a Notification",
  "Profile.featured_tags": "entities/Profile has it in its example",
  "ScheduledStatus.params.application": "as Mastodon sends it",
  "Status.local_only": "of posts that do not leave the node; other servers with such posts say it so",
  "Suggestion.source": "deprecated; old clients read it",
  "V1Instance.configuration.accounts.max_avatar_description_length": "the same configuration as in v2",
  "V1Instance.configuration.accounts.max_display_name_length": "the same configuration as in v2",
  "V1Instance.configuration.accounts.max_header_description_length": "the same configuration as in v2",
  "V1Instance.configuration.accounts.max_note_length": "the same configuration as in v2",
  "V1Instance.configuration.accounts.max_pinned_statuses": "the same configuration as in v2",
  "V1Instance.configuration.accounts.max_profile_fields": "the same configuration as in v2",
  "V1Instance.configuration.accounts.profile_field_name_limit": "the same configuration as in v2",
  "V1Instance.configuration.accounts.profile_field_value_limit": "the same configuration as in v2",
  "V1Instance.configuration.media_attachments.description_limit": "the same configuration as in v2",
  "WebPushSubscription.alerts.quote": "what can be asked for is told",
  "WebPushSubscription.alerts.quoted_update": "what can be asked for is told",
  "WebPushSubscription.policy": "methods/push: data[policy] is told",
};
