# SPDX-License-Identifier: Apache-2.0
# Two verbs at once on one container, every verb beside every other over the rounds: none hangs, none says that
# it did what it did not, and each says what it has to say in kist's own words.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need python3
load_busybox
cat >races.py <<'END'
import random, re, subprocess, sys, time

seconds, seed = float(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
create = ["create", "--name", "cc", "--net", "none", "busybox", "sh", "-c",
          "trap 'exit 0' TERM; while :; do sleep 0.05; done"]
verbs = {"start": ["start", "cc"], "stop": ["stop", "-t", "1", "cc"], "kill": ["kill", "cc"],
         "term": ["kill", "-s", "TERM", "cc"], "rm": ["rm", "cc"], "rm -f": ["rm", "-f", "cc"],
         "restart": ["restart", "-t", "1", "cc"], "pause": ["pause", "cc"], "unpause": ["unpause", "cc"],
         "rename": ["rename", "cc", "dd"], "exec": ["exec", "cc", "true"], "wait": ["wait", "cc"],
         "logs": ["logs", "-f", "cc"], "inspect": ["inspect", "cc"], "attach": ["attach", "--no-stdin", "cc"],
         "create": create}
follow = ("wait", "logs", "attach")  # they end with the container
# what may be said on stderr, whoever says it; ID stands for the container's
allowed = [r"No such (container|object): cc", r"failed to start containers", r"container ID is not running",
           r"cannot kill container: cc: (container ID is not running|No such container: cc)",
           r'cannot remove container "/(cc|dd)": container is (running|paused): .*',
           r"Container ID is (already|not) paused", r"Container cc is paused, unpause the container before exec",
           r"You cannot attach to a (paused|stopped) container, .*", r'Conflict\. The container name "/cc" is already in use .*',
           r"Renaming a container with the same name as its current name",
           # said by the programs that these two verbs become, of a container that ended under them
           r"(exec) kist-runtime: (container 'ID' does not exist|cannot exec in container 'ID': it .*)",
           r"(attach) kist-attach: cannot attach to '.*': the container is not running"]

def kist(*words):
    return subprocess.run(["kist", *words], capture_output=True, text=True, timeout=30)

def state(name):
    return kist("inspect", "-f", "{{.State.Status}}", name).stdout.strip()

def prepare(wanted):
    kist("rename", "dd", "cc")
    if not state("cc"):
        check = kist(*create)
        assert check.returncode == 0, check.stderr
    kist("unpause", "cc")
    check = kist("start", "cc") if wanted == "running" else kist("stop", "-t", "0", "cc")
    assert check.returncode == 0, check.stderr

def complain(text):
    sys.exit("seed %d: %s" % (seed, text))

def finish(name, other, p):
    try:
        out, err = p.communicate(timeout=1 if name in follow else 25)
    except subprocess.TimeoutExpired:
        if name not in follow:
            complain("%s hangs beside %s" % (name, other))
        if "running" not in (state("cc") or state("dd")) and "paused" not in (state("cc") or state("dd")):
            try:
                out, err = p.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                complain("%s does not end with its container, beside %s" % (name, other))
        else:
            p.kill()
            p.communicate()
            return
    for line in err.splitlines():
        line = re.sub("[0-9a-f]{64}", "ID", line)
        text = line[len("kist: "):] if line.startswith("kist: ") else "(%s) %s" % (name, line)
        if not any(re.fullmatch(a.replace("(exec)", r"\(exec\)").replace("(attach)", r"\(attach\)"), text) for a in allowed):
            complain("%s beside %s: status %d, %s" % (name, other, p.returncode, line))
        if p.returncode == 0 and not (name == "rm -f" and text == "No such container: cc"):
            complain("%s beside %s succeeds, and says: %s" % (name, other, line))
    if p.returncode and not err and not (name in ("exec", "attach") and p.returncode in (137, 143, 0)):
        complain("%s beside %s fails without a word, status %d" % (name, other, p.returncode))

pairs = [(a, b) for a in verbs for b in verbs if a <= b]
random.shuffle(pairs)
end, rounds = time.monotonic() + seconds, 0
for a, b in pairs:
    if time.monotonic() > end:
        break
    prepare(random.choice(["running", "running", "stopped"]))
    running = [(x, subprocess.Popen(["kist", *verbs[x]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)) for x in (a, b)]
    for (x, p), y in zip(running, (b, a)):
        finish(x, y, p)
    rounds += 1
for name in "cc", "dd":
    kist("rm", "-f", name)
print(rounds, "pairs")
END
# a different order each day; what it was stands in a failure's message
check 'two at once' python3 races.py "${KIST_RACES_SECONDS:-12}" "${KIST_RACES_SEED:-$(date +%j)}"
nothing_left

# what has just ended, or ends now, is removed without a word of a foreign program
for _ in 1 2 3; do
	run -d --name cc busybox sh -c 'kill -9 $$' >/dev/null || fail 'run'
	status 0 kist rm -f cc
	[ ! -s err ] || fail 'rm -f of one that ended has more to say'
done
nothing_left
