{{/* Name of every object: that of the release, which contains the chart's. */}}
{{- define "ws-echo.name" -}}
{{- $name := .Release.Name -}}
{{- if not (contains .Chart.Name $name) }}{{ $name = printf "%s-%s" $name .Chart.Name }}{{ end -}}
{{- $name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "ws-echo.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ws-echo.metadata" -}}
name: {{ include "ws-echo.name" . }}
labels:
  {{- include "ws-echo.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Path at which the server's --base-path is. */}}
{{- define "ws-echo.path" -}}
{{ index .Values.flags "base-path" | default "/" }}
{{- end }}

{{/* A flag's value as text. Numbers are float64 in templates, and would become 1e+06. */}}
{{- define "ws-echo.value" -}}
{{- if kindIs "slice" . }}{{ join "," . }}{{ else if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}
