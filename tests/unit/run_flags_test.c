/* SPDX-License-Identifier: Apache-2.0 */
/* Words in, body out: each flag of run, and the member of docker's create body that it fills. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "tests/unit/run_words.h"
#include "tests/unit/unit.h"

struct row {
	const char *flag, *words; /* words NULL: the flag is refused by its name */
	const char *path, *json;  /* the member and its text; path NULL: nothing of the body */
};

static const struct row rows[] = {
	{"add-host", "--add-host db:10.0.0.1", "HostConfig.ExtraHosts", "[\"db:10.0.0.1\"]"},
	{"annotation", "--annotation a=b --annotation c", "HostConfig.Annotations",
		"{\"a\":\"b\",\"c\":\"\"}"},
	{"attach", "-a stdout", "AttachStderr", "false"},
	{"blkio-weight", "--blkio-weight 100", "HostConfig.BlkioWeight", "100"},
	{"blkio-weight-device", "--blkio-weight-device /dev/sda:200",
		"HostConfig.BlkioWeightDevice", "[{\"Path\":\"/dev/sda\",\"Weight\":200}]"},
	{"cap-add", "--cap-add NET_ADMIN", "HostConfig.CapAdd", "[\"NET_ADMIN\"]"},
	{"cap-drop", "--cap-drop ALL", "HostConfig.CapDrop", "[\"ALL\"]"},
	{"cgroup-parent", "--cgroup-parent /x", "HostConfig.CgroupParent", "\"/x\""},
	{"cgroupns", "--cgroupns host", "HostConfig.CgroupnsMode", "\"host\""},
	{"cidfile", "--cidfile /tmp/id", "HostConfig.ContainerIDFile", "\"/tmp/id\""},
	{"cpu-period", "--cpu-period 1000", "HostConfig.CpuPeriod", "1000"},
	{"cpu-quota", "--cpu-quota 500", "HostConfig.CpuQuota", "500"},
	{"cpu-rt-period", "--cpu-rt-period 7", "HostConfig.CpuRealtimePeriod", "7"},
	{"cpu-rt-runtime", "--cpu-rt-runtime 8", "HostConfig.CpuRealtimeRuntime", "8"},
	{"cpu-shares", "-c 512", "HostConfig.CpuShares", "512"},
	{"cpus", "--cpus 1.5", "HostConfig.NanoCpus", "1500000000"},
	{"cpuset-cpus", "--cpuset-cpus 0-1", "HostConfig.CpusetCpus", "\"0-1\""},
	{"cpuset-mems", "--cpuset-mems 0", "HostConfig.CpusetMems", "\"0\""},
	{"detach", "-d", "AttachStdout", "false"},
	{"device", "--device /dev/null:/dev/nil:r", "HostConfig.Devices",
		"[{\"PathOnHost\":\"/dev/null\",\"PathInContainer\":\"/dev/nil\","
		"\"CgroupPermissions\":\"r\"}]"},
	{"device-cgroup-rule", "--device-cgroup-rule c~1:3~rwm", "HostConfig.DeviceCgroupRules",
		"[\"c 1:3 rwm\"]"},
	{"device-read-bps", "--device-read-bps /dev/sda:1m", "HostConfig.BlkioDeviceReadBps",
		"[{\"Path\":\"/dev/sda\",\"Rate\":1048576}]"},
	{"device-read-iops", "--device-read-iops /dev/sda:10", "HostConfig.BlkioDeviceReadIOps",
		"[{\"Path\":\"/dev/sda\",\"Rate\":10}]"},
	{"device-write-bps", "--device-write-bps /dev/sda:2k", "HostConfig.BlkioDeviceWriteBps",
		"[{\"Path\":\"/dev/sda\",\"Rate\":2048}]"},
	{"device-write-iops", "--device-write-iops /dev/sda:11", "HostConfig.BlkioDeviceWriteIOps",
		"[{\"Path\":\"/dev/sda\",\"Rate\":11}]"},
	{"disable-content-trust", "--disable-content-trust", NULL, NULL},
	{"dns", "--dns 9.9.9.9", "HostConfig.Dns", "[\"9.9.9.9\"]"},
	{"dns-option", "--dns-option ndots:1", "HostConfig.DnsOptions", "[\"ndots:1\"]"},
	{"dns-opt", "--dns-opt ndots:2", "HostConfig.DnsOptions", "[\"ndots:2\"]"},
	{"dns-search", "--dns-search example.org", "HostConfig.DnsSearch", "[\"example.org\"]"},
	{"domainname", "--domainname d", "Domainname", "\"d\""},
	{"entrypoint", "--entrypoint sh", "Entrypoint", "[\"sh\"]"},
	{"env", "-e A=b -e GONE_FROM_HERE", "Env", "[\"A=b\",\"GONE_FROM_HERE\"]"},
	{"env-file", "--env-file tests/data/create/variables", "Env", "[\"A=1\",\"B=x y\"]"},
	{"expose", "--expose 80 --expose 90-91/udp", "ExposedPorts",
		"{\"80/tcp\":{},\"90-91/udp\":{}}"},
	{"gpus", NULL, NULL, NULL},
	{"group-add", "--group-add 7", "HostConfig.GroupAdd", "[\"7\"]"},
	{"health-cmd", NULL, NULL, NULL},
	{"health-interval", NULL, NULL, NULL},
	{"health-retries", NULL, NULL, NULL},
	{"health-start-interval", NULL, NULL, NULL},
	{"health-start-period", NULL, NULL, NULL},
	{"health-timeout", NULL, NULL, NULL},
	{"hostname", "-h box", "Hostname", "\"box\""},
	{"init", NULL, NULL, NULL},
	{"interactive", "-i", "OpenStdin", "true"},
	{"ip", "--network n --ip 10.9.0.7", "NetworkingConfig.EndpointsConfig.n.IPAMConfig",
		"{\"IPv4Address\":\"10.9.0.7\"}"},
	{"ip6", NULL, NULL, NULL},
	{"ipc", "--ipc host", "HostConfig.IpcMode", "\"host\""},
	{"isolation", "--isolation default", "HostConfig.Isolation", "\"default\""},
	{"kernel-memory", NULL, NULL, NULL},
	{"label", "-l a=1 -l b -l a=2", "Labels", "{\"a\":\"2\",\"b\":\"\"}"},
	{"label-file", "--label-file tests/data/create/variables", "Labels",
		"{\"A\":\"1\",\"B\":\"x y\",\"UNSET_FROM_HERE\":\"\"}"},
	{"link", NULL, NULL, NULL},
	{"link-local-ip", NULL, NULL, NULL},
	{"log-driver", "--log-driver json-file", "HostConfig.LogConfig.Type", "\"json-file\""},
	{"log-opt", NULL, NULL, NULL},
	{"mac-address", "--network n --mac-address 02:42:00:00:00:01",
		"NetworkingConfig.EndpointsConfig.n.MacAddress", "\"02:42:00:00:00:01\""},
	{"memory", "-m 64m", "HostConfig.Memory", "67108864"},
	{"memory-reservation", "--memory-reservation 32m", "HostConfig.MemoryReservation",
		"33554432"},
	{"memory-swap", "--memory-swap -1", "HostConfig.MemorySwap", "-1"},
	{"memory-swappiness", "--memory-swappiness 0", "HostConfig.MemorySwappiness", "0"},
	{"mount",
		"--mount type=volume,src=v,dst=/v,ro,volume-nocopy,volume-label=k=x "
		"--mount type=tmpfs,dst=/t,tmpfs-mode=1770",
		"HostConfig.Mounts",
		"[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/v\",\"ReadOnly\":true,"
		"\"VolumeOptions\":{\"NoCopy\":true,\"Labels\":{\"k\":\"x\"}}},"
		"{\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"Mode\":1016}}]"},
	{"name", "--name x", NULL, NULL},
	{"network", "--network a --network name=b,alias=c,ip=10.9.0.8",
		"NetworkingConfig.EndpointsConfig",
		"{\"a\":{},\"b\":{\"IPAMConfig\":{\"IPv4Address\":\"10.9.0.8\"},"
		"\"Aliases\":[\"c\"]}}"},
	{"net", "--net host", "HostConfig.NetworkMode", "\"host\""},
	{"network-alias", "--network n --network-alias x --network-alias y",
		"NetworkingConfig.EndpointsConfig.n.Aliases", "[\"x\",\"y\"]"},
	{"net-alias", "--net n --net-alias x", "NetworkingConfig.EndpointsConfig.n.Aliases",
		"[\"x\"]"},
	{"no-healthcheck", "--no-healthcheck", "Healthcheck", "{\"Test\":[\"NONE\"]}"},
	{"oom-kill-disable", "--oom-kill-disable", "HostConfig.OomKillDisable", "true"},
	{"oom-score-adj", "--oom-score-adj 5", "HostConfig.OomScoreAdj", "5"},
	{"pid", "--pid host", "HostConfig.PidMode", "\"host\""},
	{"pids-limit", "--pids-limit 0", "HostConfig.PidsLimit", "-1"},
	{"platform", "--platform linux/amd64", NULL, NULL},
	{"privileged", "--privileged", "HostConfig.Privileged", "true"},
	{"publish", "-p 8080:80 -p 127.0.0.1:5000-5001:50-51/udp", "HostConfig.PortBindings",
		"{\"50-51/udp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"5000-5001\"}],"
		"\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}"},
	{"publish-all", "-P", "HostConfig.PublishAllPorts", "true"},
	{"pull", "--pull never", NULL, NULL},
	{"quiet", "-q", NULL, NULL},
	{"read-only", "--read-only", "HostConfig.ReadonlyRootfs", "true"},
	{"restart", "--restart on-failure", "HostConfig.RestartPolicy.Name", "\"on-failure\""},
	{"rm", "--rm", "HostConfig.AutoRemove", "true"},
	{"runtime", "--runtime runc", "HostConfig.Runtime", "\"runc\""},
	{"security-opt", "--security-opt no-new-privileges --security-opt systempaths=unconfined",
		"HostConfig.SecurityOpt", "[\"no-new-privileges\"]"},
	{"shm-size", "--shm-size 1m", "HostConfig.ShmSize", "1048576"},
	{"sig-proxy", "--sig-proxy=false", NULL, NULL},
	{"detach-keys", "--detach-keys=ctrl-a,q", NULL, NULL},
	{"stop-signal", "--stop-signal INT", "StopSignal", "\"INT\""},
	{"stop-timeout", "--stop-timeout 3", "StopTimeout", "3"},
	{"storage-opt", NULL, NULL, NULL},
	{"sysctl", "--sysctl net.core.somaxconn=9", "HostConfig.Sysctls",
		"{\"net.core.somaxconn\":\"9\"}"},
	{"tmpfs", "--tmpfs /a --tmpfs /b:size=1m", "HostConfig.Tmpfs",
		"{\"/a\":\"\",\"/b\":\"size=1m\"}"},
	{"tty", "-t", "Tty", "true"},
	{"ulimit", "--ulimit nofile=1:2", "HostConfig.Ulimits",
		"[{\"Name\":\"nofile\",\"Hard\":2,\"Soft\":1}]"},
	{"user", "-u 1:2", "User", "\"1:2\""},
	{"userns", "--userns host", "HostConfig.UsernsMode", "\"host\""},
	{"uts", "--uts host", "HostConfig.UTSMode", "\"host\""},
	{"volume", "-v /a:/b:ro -v v:/c -v /anonymous -v /a:/b:ro", "HostConfig.Binds",
		"[\"/a:/b:ro\",\"v:/c\"]"},
	{"volume-driver", "--volume-driver local", "HostConfig.VolumeDriver", "\"local\""},
	{"volumes-from", "--volumes-from c:ro", "HostConfig.VolumesFrom", "[\"c:ro\"]"},
	{"workdir", "-w /w", "WorkingDir", "\"/w\""},
	/* what is no flag */
	{"IMAGE", "", "Image", "\"img\""},
	{"COMMAND", "", "Cmd", "[\"ls\",\"-l\"]"},
};

struct place {
	const char *path;
	struct buf text;
};

static int take_member(const struct docker_body *body, void *arg, struct err *err)
{
	own_arena struct arena a = {0};
	struct place *place = arg;
	const struct json *value = run_words_json(body, &a);

	(void)err;
	for (const char *p = place->path; value && *p; p += *p == '.') {
		size_t n = strcspn(p, ".");

		value = json_get(value, arena_strndup(&a, p, n));
		p += n;
	}
	if (value)
		json_write(value, JSON_COMPACT, &place->text);
	return 0;
}

static const struct row *find_row(const char *flag)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].flag, flag) == 0)
			return &rows[i];
	return NULL;
}

static void check_row(const struct row *row)
{
	own_mem char *words = xasprintf("%s%simg ls -l", row->words, *row->words ? " " : "");
	struct place place = {.path = row->path ? row->path : ""};
	struct err err = {0};

	UNIT_OK(run_words(words, take_member, &place, &err), &err);
	if (row->path)
		UNIT_STRING(buf_str(&place.text), row->json);
	buf_release(&place.text);
}

static void check_refused(const char *flag)
{
	own_mem char *words = xasprintf("--%s=x img", flag);
	own_mem char *name = xasprintf("option --%s: 'x': kist does not have this flag yet", flag);
	struct place place = {.path = ""};
	struct err err = {0};

	CU_ASSERT_TRUE(run_words(words, take_member, &place, &err) < 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, name));
	buf_release(&place.text);
}

static void each_flag(void)
{
	/* where the files are that the rows name */
	CU_ASSERT_EQUAL_FATAL(chdir(getenv("KIST_SOURCE") ? getenv("KIST_SOURCE") : "."), 0);
	unsetenv("GONE_FROM_HERE");
	unsetenv("UNSET_FROM_HERE");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].words)
			check_row(&rows[i]);
		else
			check_refused(rows[i].flag);
}

static void no_flag_is_missing(void)
{
	const struct cli_command *run = run_words_program.commands;

	for (size_t i = 0; i < run->noptions; i++) {
		if (!find_row(run->options[i].name))
			CU_FAIL("a flag without a row");
	}
}

static void refuse(const char *words, const char *message)
{
	struct place place = {.path = ""};
	struct err err = {0};

	CU_ASSERT_TRUE(run_words(words, take_member, &place, &err) < 0);
	UNIT_STRING(err.msg, message);
	buf_release(&place.text);
}

static void wrong_values(void)
{
	refuse("-a bogus img",
		"invalid argument \"bogus\" for \"-a, --attach\" flag: valid streams are STDIN, STDOUT "
		"and STDERR");
	refuse("-a stdout -d img", "Conflicting options: -a and -d");
	refuse("--ulimit nofile img", "invalid ulimit argument: nofile");
	refuse("--ulimit nofile=1:x img", "invalid ulimit argument: nofile=1:x");
	refuse("--device-read-bps sda:1 img", "bad format: sda:1");
	refuse("--sysctl x img", "sysctl 'x' is not allowed");
	refuse("--label =x img", "invalid label format: \"=x\"");
	refuse("--mount type=bind,src=/a img",
		"invalid argument \"type=bind,src=/a\" for \"--mount\" flag: target is required");
	refuse("--mount dst=/b,colour=red img",
		"invalid argument \"dst=/b,colour=red\" for \"--mount\" flag: unexpected key 'colour' in "
		"'colour=red'");
	refuse("--mount bind img",
		"invalid argument \"bind\" for \"--mount\" flag: invalid field 'bind' must be a key=value "
		"pair");
	refuse("--mount dst=/b,tmpfs-mode=9 img",
		"invalid argument \"dst=/b,tmpfs-mode=9\" for \"--mount\" flag: invalid value for "
		"tmpfs-mode: 9");
	refuse("--network a --network a img",
		"conflicting options: cannot attach container to network 'a' more than once");
	refuse("--network name=a,ip=1.2.3.4 --ip 1.2.3.5 img",
		"conflicting options: cannot specify both --ip and per-network IPv4 address");
	refuse("--network alias=x img",
		"invalid argument \"alias=x\" for \"--network\" flag: network name/id is not specified");
	refuse("--network name=a,gw-priority=1 img",
		"invalid argument \"name=a,gw-priority=1\" for \"--network\" flag: kist does not have "
		"'gw-priority'");
}

UNIT_TESTS(run_flags) = {
	{"each flag fills its member of the body, or is refused by its name", each_flag},
	{"no flag of the table is without a test", no_flag_is_missing},
	{"wrong values are refused in docker's words", wrong_values},
};
UNIT_COUNT(run_flags)
