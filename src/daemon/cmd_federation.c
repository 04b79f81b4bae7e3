/* fediflow federation, fediflow api: what the program speaks, out of its tables. */
#include "api/describe.h"
#include "cmd.h"
#include "fed/describe.h"

enum rc cmd_federation(struct cli *cli)
{
	fed_describe(&cli->out.buf);
	return RC_OK;
}

enum rc cmd_api(struct cli *cli)
{
	if (command_switch(cli, "openapi"))
		api_openapi(&cli->out.buf);
	else if (cli->json)
		api_describe_json(&cli->out.w);
	else
		api_describe(&cli->out.buf);
	return RC_OK;
}
