/* Passwords on their way in (S-134): standard input or our own choice. Command's thread. */
#include "passphrase.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "core/enc.h"
#include "core/random.h"
#include "crypt/secret.h"

#define LINE_BYTES_MAX 1024
#define GENERATED_BYTES 15

static enum rc read_line(struct cli *cli, char *line, size_t size)
{
	struct termios before, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	if (terminal) {
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		fprintf(stderr, "password: ");
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	char *got = fgets(line, (int)size, stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fprintf(stderr, "\n");
	}
	if (got == NULL)
		return usage_fail(cli, "no password came on standard input");
	line[strcspn(line, "\r\n")] = '\0';
	return RC_OK;
}

static enum rc generate(struct cli *cli, struct str *out)
{
	unsigned char bytes[GENERATED_BYTES];
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	random_bytes(bytes, sizeof(bytes));
	enc_base64url(&text, str_n(bytes, sizeof(bytes)));
	*out = arena_str(cli->ctx.arena, buf_str(&text));
	return out->len != 0 ? RC_OK : ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
}

enum rc passphrase_ask(struct cli *cli, bool make_one, struct str *hash, struct str *generated)
{
	char line[LINE_BYTES_MAX] = "";
	struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
	enum rc rc = make_one ? generate(cli, generated) : read_line(cli, line, sizeof(line));
	if (rc == RC_OK && !make_one && password_is_weak(str_of(line), NULL, 0))
		rc = ctx_fail(&cli->ctx, RC_DENIED, "this password is easy to guess");
	if (rc == RC_OK)
		rc = password_hash(make_one ? *generated : str_of(line), &out);
	explicit_bzero(line, sizeof(line));
	if (rc == RC_INVALID && cli->exit_code == EXIT_DONE)
		return ctx_fail(&cli->ctx, rc, "a password has 8 to 256 bytes");
	*hash = arena_str(cli->ctx.arena, buf_str(&out));
	return rc;
}

enum rc passphrase_from_options(struct cli *cli, struct str *hash, struct str *generated)
{
	bool make_one = command_switch(cli, "generate-password");
	if (!make_one && !command_switch(cli, "password-stdin"))
		return RC_OK;
	return passphrase_ask(cli, make_one, hash, generated);
}
