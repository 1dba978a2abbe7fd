/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archive/archive_scan.h"

int archive_scan_images(struct archive_scan *scan, struct err *err)
{
	if (scan->index.len)
		return archive_scan_oci(scan, err);
	if (scan->docker_manifest.len)
		return archive_scan_docker(scan, err);
	if (scan->repositories.len)
		return err_set(err, E_UNSUPPORTED,
			"archives made by docker before 1.10 are not supported: load and save it with "
			"a newer one");
	return err_set(err, E_SYNTAX,
		"neither an OCI layout (index.json) nor a docker archive (manifest.json)");
}
