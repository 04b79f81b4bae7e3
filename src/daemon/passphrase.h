/* Passwords on their way in: never from the command line's words, where others could read them. */
#ifndef FF_DAEMON_PASSPHRASE_H
#define FF_DAEMON_PASSPHRASE_H

#include "command.h"

/*
 * --password-stdin, --generate-password or neither: then hash stays absent and nobody can sign in.
 * *generated is absent unless one was made.
 */
enum rc passphrase_from_options(struct cli *cli, struct str *hash, struct str *generated) NODISCARD;
/* One line of standard input (asked for without echo on a terminal), or a new one. */
enum rc passphrase_ask(struct cli *cli, bool generate, struct str *hash,
		       struct str *generated) NODISCARD;

#endif
