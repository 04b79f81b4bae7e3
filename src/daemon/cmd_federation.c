/* fediflow federation: what the program says to peers and understands of them. */
#include "cmd.h"
#include "fed/describe.h"

enum rc cmd_federation(struct cli *cli)
{
	fed_describe(&cli->out.buf);
	return RC_OK;
}
