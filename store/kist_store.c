/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store: the content store on the command line; see "kist-store" in docs/pipes.md. */
#include "store/tool.h"

int main(int argc, char **argv)
{
	return store_tool_main(argc, argv);
}
