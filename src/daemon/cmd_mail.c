/* fediflow mail test: sends a letter at once and says what became of it. */
#include <pthread.h>

#include "cmd.h"
#include "core/must.h"
#include "core/random.h"
#include "node.h"
#include "text/email.h"

#define MESSAGE_MAX ((size_t)64 * 1024)

struct sending {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
	enum rc rc;
	unsigned code;
	struct buf reason;
};

static void sent(void *arg, const struct mail_result *result)
{
	struct sending *s = arg;
	pthread_mutex_lock(&s->lock);
	s->rc = result->rc;
	s->code = result->code;
	buf_add(&s->reason, result->reason);
	s->done = true;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static void send_and_wait(struct mailer *mailer, struct str to, struct str message,
			  struct sending *s)
{
	must(pthread_mutex_init(&s->lock, NULL) == 0);
	must(pthread_cond_init(&s->changed, NULL) == 0);
	mailer->ops->submit(mailer, to, message, sent, s);
	pthread_mutex_lock(&s->lock);
	while (!s->done)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
}

static enum rc write_test(struct cli *cli, const struct node *node,
			  const struct mail_settings *settings, struct str to, struct buf *out)
{
	const struct site *site = &node->site;
	const struct mail_sender sender = { site->title, settings->from };
	const struct mail mail = {
		.to = to,
		.subject = arena_printf(cli->ctx.arena, "Test: %.*s", STR_ARG(site->title)),
		.text = arena_printf(cli->ctx.arena,
				     "This letter shows that e-mail of %.*s arrives.\n",
				     STR_ARG(site->base)),
		.id = arena_printf(cli->ctx.arena, "test.%llu", (unsigned long long)random_u64())
	};
	return mail_write(&cli->ctx.err, &sender, &mail, clock_wall_ms(clock_system()), out);
}

static enum rc send_test(struct cli *cli, const struct node *node, struct str to)
{
	struct buf message CLEANUP(buf_free) = BUF_INIT(MESSAGE_MAX);
	struct sending s = { .reason = BUF_INIT(1024) };
	struct mail_settings settings = settings_mail(cli->ctx.arena, &node->settings);
	struct mailer *mailer = NULL;
	enum rc rc = write_test(cli, node, &settings, to, &message);
	if (rc == RC_OK)
		rc = mailer_new(&cli->ctx.err, &settings, clock_system(), &mailer);
	if (rc != RC_OK)
		return rc;
	send_and_wait(mailer, to, buf_str(&message), &s);
	mailer_free(&mailer);
	if (s.rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "to", to);
		output_num(&cli->out, "code", s.code);
		output_end(&cli->out);
	} else {
		ctx_fail(&cli->ctx, s.rc, "%.*s", STR_ARG(buf_str(&s.reason)));
	}
	buf_free(&s.reason);
	return s.rc;
}

enum rc cmd_mail_test(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct email email;
	enum rc rc = node_load_settings(cli, cli->config, &node);
	if (rc == RC_OK)
		rc = email_parse(&cli->ctx, command_argument(cli, 0), node.site.iri_flags, &email);
	return rc == RC_OK ? send_test(cli, &node, email.text) : rc;
}
