/* The icon and the banner of a community, from files of whoever is at the command line. */
#include "cmd.h"
#include "communities.h"
#include "files.h"
#include "media/media.h"
#include "reach.h"

static const struct picture_options {
	const char *file, *text;
	enum medium_use use;
} icon = { "icon", "icon-text", MEDIUM_AVATAR },
  banner = { "banner", "banner-text", MEDIUM_HEADER };

static enum rc read_words(struct cli *cli, const struct picture_options *o,
			  struct community_picture *out)
{
	struct str path = command_option(cli, o->file);
	*out = (struct community_picture){ .gone = path.ptr != NULL && path.len == 0,
					   .description = STR_NONE };
	enum rc rc = community_picture_describe(&cli->ctx, command_option(cli, o->text), out);
	if (rc != RC_OK)
		cli->exit_code = EXIT_USAGE;
	return rc;
}

enum rc read_picture_words(struct cli *cli, struct community_profile *out)
{
	*out = (struct community_profile){ .title = STR_NONE, .source = STR_NONE };
	enum rc rc = read_words(cli, &icon, &out->avatar);
	return rc == RC_OK ? read_words(cli, &banner, &out->header) : rc;
}

enum rc read_upload(struct cli *cli, const struct node *node, const char *option, struct str *out)
{
	struct str path = command_option(cli, option);
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(media_upload_max(&node->settings.media) + 1);
	*out = STR("");
	if (path.len == 0)
		return RC_OK;
	enum rc rc = file_read(&cli->ctx, arena_cstr(cli->ctx.arena, path), &bytes);
	if (rc == RC_OK)
		*out = arena_str(cli->ctx.arena, buf_str(&bytes));
	return rc == RC_OK && out->ptr == NULL ? RC_NO_MEMORY : rc;
}

enum rc read_pictures(struct cli *cli, struct node *node, struct asked *a)
{
	enum rc rc = read_upload(cli, node, icon.file, &a->icon);
	return rc == RC_OK ? read_upload(cli, node, banner.file, &a->banner) : rc;
}

static enum rc take_picture(struct cli *cli, struct node *node, const struct picture_options *o,
			    uint64_t community, struct str bytes, struct community_picture *out)
{
	struct media *media = NULL;
	if (bytes.len == 0)
		return RC_OK;
	enum rc rc = reach_media(cli, node, &media);
	struct media_upload upload = { .owner = community,
				       .shape = o->use,
				       .bytes = bytes,
				       .thumbnail = STR(""),
				       .description = STR("") };
	return rc == RC_OK ? media_take(media, &cli->ctx, &upload, &out->medium) : rc;
}

enum rc take_pictures(struct cli *cli, struct node *node, struct asked *a)
{
	struct community_profile *p = &a->profile;
	p->uploader = a->community;
	enum rc rc = take_picture(cli, node, &icon, a->community, a->icon, &p->avatar);
	return rc == RC_OK ? take_picture(cli, node, &banner, a->community, a->banner, &p->header)
			   : rc;
}
