// What the project's own documents mean here (fixtures/SOFTWARE/*.json, written from the documentation of each). Most files are
// named for what they are, and mean the same whoever sends them: a row here is where one says more. "ignored" names
// the feature that will give a document a meaning at all.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));

const us = {
  "https://us.example/users/alice": "alice",
  "https://us.example/@alice": "alice",
  "https://us.example/users/alice/statuses/1": "post",
};

const FEATURED = "its actor names no such collection";
const EVENTS = "taking part in events";

const quoted = ({ post }) => post.uri;
const text = (pattern) => ({ is: { text: pattern } });

// By the name of the file: what everybody means by it.
const common = (software) => ({
  actor: ["actor", { is: { kind: "person", display_name: `Bea of ${software}` } }],
  group: ["actor", { is: { kind: "group" } }],
  follow: ["follow"],
  undo_follow: ["unfollow"],
  accept: ["accept"],
  reject: ["reject"],
  post: ["post", text(new RegExp(`Hello from ${software}`))],
  reply: ["post", { is: { text: new RegExp(`A reply from ${software}$`), parent: /./, visibility: "public", mentions: [/^alice@/] } }],
  like: ["like"],
  undo_like: ["unlike"],
  boost: ["boost"],
  undo_boost: ["unboost"],
  edit: ["update", text(new RegExp(`Edited on ${software}`))],
  delete: ["delete"],
  delete_actor: ["deleteActor"],
  poll: ["post", { is: { type: "Question", poll: { options: [{ name: "Tea", votes: 2 }, { name: "Coffee", votes: 0 }] } } }],
  vote: ["vote", { asked: ["Coffee", "Tea"] }],
  move: ["move"],
  report: ["flag", { comment: new RegExp(`Reported from ${software}`) }],
  block: ["block"],
  dislike: ["dislike"],
  emoji_react: ["react", { emoji: "❤️" }],
  quote: ["post", { is: { quote_uri: quoted } }],
});

const special = {
  "mastodon/post": ["post", { is: { text: "Hello from mastodon", language: "en" } }],
  "mastodon/post_image": ["post", { is: { spoiler: "Animals", sensitive: true, tags: ["cats"], attachments: [{ kind: "image", description: "A cat on a chair", focus: "0.25,-0.5", blurhash: /^UBL/ }] } }],
  "mastodon/post_languages": ["post", { is: { language: "en", text: "Hello", languages: [{ language: "de", text: "Hallo" }] } }],
  "mastodon/direct": ["post", { is: { visibility: "direct", text: "Only for you" } }],
  "mastodon/quote": ["post", { is: { quote_uri: quoted, html: /<p class="quote-inline">RE: <a / } }],
  "mastodon/quote_request": ["quoteRequest"],
  "mastodon/add_featured": ["ignored", { why: FEATURED }],
  "mastodon/remove_featured": ["ignored", { why: FEATURED }],
  "mastodon/update_actor": ["updateActor", { is: { display_name: "Bea, renamed" } }],
  "gotosocial/post_audio": ["post", { is: { attachments: [{ kind: "audio", description: "Birds in the morning" }] } }],
  "akkoma/post_math": ["post", { is: { text: "A $x^2$ and fun" } }],
  "akkoma/post_emoji": ["post", { is: { text: "hello :blobcat:", emojis: [{ shortcode: "blobcat", url: /blobcat\.png$/ }] } }],
  "akkoma/chat_message": ["post", { is: { type: "ChatMessage", visibility: "direct" } }],
  "akkoma/article": ["post", { is: { type: "Article", title: "On tea", text: "Long words" } }],
  "snac/emoji_react": ["react", { emoji: "🎉" }],
  "akkoma/emoji_react": ["react", { emoji: "🔥" }],
  "misskey/like": ["react", { emoji: "👍" }],
  "misskey/undo_like": ["unreact", { emoji: "👍" }],
  "misskey/react_emoji": ["react", { emoji: ":blobcat:" }],
  "misskey/quote": ["post", { is: { quote_uri: quoted, text: /^See/, html: /class="quote-inline"/ } }],
  "misskey/post_ruby": ["post", { is: { tags: ["猫"], html: /<ruby>漢字<rp>\(<\/rp><rt>かんじ<\/rt><rp>\)<\/rp><\/ruby>.*<pre><code>x = 1<\/code><\/pre>/ } }],
  "misskey/post_source_only": ["post", { is: { html: /^<p><strong>big<\/strong> news <a href="https?:/, text: /^big news/ } }],
  "lemmy/post": ["post", { is: { type: "Page", title: "A page about tea", html: /<ul><li>one<\/li>/, language: "en", attachments: [{ kind: "link", url: "https://tea.example/article", preview: /1\.webp$/ }] } }],
  "lemmy/announce_create_page": ["announce", { is: { title: "Passed on" } }],
  "lemmy/announce_create_comment": ["announce", { is: { text: "A comment, passed on" } }],
  "lemmy/announce_page": ["announcePlainly", { of: { type: "Page", name: "For those who know no communities" }, is: { title: /^For those/ } }],
  "lemmy/announce_like": ["groupTells", { is: { likes: 1 } }],
  "lemmy/ban": ["groupTells", { person: true, is: { community_marks: ["removed"] } }],
  "lemmy/lock": ["groupTells", { is: { community_marks: ["locked"] } }],
  "lemmy/private_message": ["post", { is: { visibility: "direct", text: "psst" } }],
  "mitra/quote": ["post", { is: { quote_uri: quoted, text: "Quoting" } }],
  "peertube/actor": ["actor", { is: { display_name: "Bea of peertube", avatar: /l\.png$/ } }],
  "peertube/post": ["post", { is: { type: "Video", title: "How tea is made", language: "en", tags: ["tea"], html: /<em>water<\/em>.*<ol start="1"><li>boil<\/li>/, attachments: [{ kind: "video", media_type: "video/mp4", preview: /p\.jpg$/ }], url: /watch\/5$/ } }],
  "peertube/edit_video": ["update", { is: { type: "Video", title: "How tea is really made" } }],
  "peertube/announce_video": ["boost", { of: { type: "Video", name: "A film" }, is: { type: "Video", title: "A film" } }],
  "peertube/view": ["ignored", { why: "views are not counted" }],
  "peertube/cache_file": ["ignored", { why: "copies of videos are not kept" }],
  "pixelfed/post": ["post", { is: { text: "Hello from pixelfed", attachments: [{ kind: "image", description: "Morning fog", blurhash: "U27nLE" }] } }],
  "pixelfed/post_album": ["post", { is: { attachments: [{ kind: "image" }, { kind: "image" }, { kind: "image" }, { kind: "image" }, { kind: "video", description: "Waves" }] } }],
  "wordpress/post": ["post", { is: { type: "Article", title: "A blog post", spoiler: null, excerpt: /^The beginning/, html: /<strong>First<\/strong>.*>A desk<\/a>/, text: /a b/, attachments: [{ kind: "image", description: "A desk" }] } }],
  "wordpress/post_warning": ["post", { is: { spoiler: "Talks of food", sensitive: true } }],
  "wordpress/accept_quote": ["ignored", { status: 403, why: "nobody here has asked" }],
  "wordpress/event": ["post", { is: { type: "Event", title: "Tea hour", starts: "2026-12-24T15:00:00.000Z", ends: "2026-12-24T17:00:00.000Z", place: "Tea house", address: "Main Street 1" } }],
  "nodebb/post": ["post", { is: { type: "Article", title: "A topic", excerpt: "Hello from nodebb", html: /<strong>nodebb<\/strong>/ } }],
  "nodebb/announce_create": ["announce", { is: { text: "Passed on by a category" } }],
  "nodebb/announce_update": ["announce", { is: { text: /Hello from nodebb/ } }],
  "mobilizon/event": ["post", { is: { type: "Event", title: "Tea ceremony", text: "Bring a cup", starts: "2026-12-20T17:00:00.000Z", place: "Tea house", address: "Main Street 1, 10115, Berlin, Germany", tags: ["Tea"], attachments: [{ kind: "image", description: "Banner" }] } }],
  "mobilizon/edit_event": ["update", { is: { title: "Tea ceremony, postponed", starts: "2026-12-27T17:00:00.000Z" } }],
  "mobilizon/event_online": ["post", { is: { event_url: "https://meet.example/tea" } }],
  "mobilizon/announce_event": ["boost", { of: { type: "Event", name: "Of a group" }, is: { type: "Event", title: "Of a group" } }],
  "mobilizon/join": ["ignored", { why: EVENTS }],
  "mobilizon/invite": ["ignored", { why: EVENTS }],
  "friendica/post": ["post", { is: { text: /^Hello from friendica/, language: "de", spoiler: null } }],
  "friendica/article": ["post", { is: { type: "Article", title: "With a title", html: /<strong>Head<\/strong>.*<ul><li>one<\/li><\/ul><blockquote>.*>A garden<\/a>/ } }],
  "friendica/quote_share": ["post", { is: { quote_uri: quoted, html: /<blockquote>What peers react to<\/blockquote>/ } }],
};

function row(software, file) {
  const found = special[`${software}/${file}`] ?? common(software)[file];
  return found && [found[0], { us, ...found[1] }];
}

const rows = readdirSync(folder).flatMap((software) => readdirSync(`${folder}/${software}`).map((name) => [`${software}/${name}`, row(software, name.replace(/\.json$/, ""))]));

export const own = Object.fromEntries(rows.filter(([, meaning]) => meaning));
