#!/bin/sh
# Starts the app in its container. It first downloads the app's .env file from S3, from where
# AWS_S3_CONFIG_URL says, with the task's own role; then it becomes the command that it was given.
# On your own machine you don't need it: docker run --entrypoint= ... npm start
set -eu

newline='
'

fail() {
  printf 'entrypoint.sh: %s\n' "$1" >&2
  exit 1
}

# Prints what curl fetches (or "$@" writes it to a file), and on a line of its own the status and,
# where something went wrong, curl's words. The request comes on stdin: nobody sees it in the process list.
request() {
  curl -q --config - --silent --write-out '\n%{http_code} %{errormsg}' \
    --retry 3 --retry-all-errors --connect-timeout 5 --max-time 30 "$@" || :
}

# The value of a string in the JSON document $1.
field() {
  printf '%s' "$1" | tr -d '\n\134' | sed -n "s/.*\"$2\" *: *\"\\([^\"]*\\)\".*/\\1/p"
}

# A line break or quote in these would end their line in curl's config, and show the rest.
plain() {
  case $1 in
    *[![:graph:]]* | *[\"\\]*) return 1 ;;
  esac
}

url=${AWS_S3_CONFIG_URL:-}
[ -n "$url" ] ||
  fail 'AWS_S3_CONFIG_URL is not set. It says where the .env file is, like s3://bucket/service/.env; to do without, start the container with --entrypoint=.'
malformed() {
  fail "AWS_S3_CONFIG_URL should look like s3://bucket/service/.env, with only letters, digits and -._~/ in it, but is '$url'."
}
location=${url#s3://}
case $location in *[!A-Za-z0-9._~/-]* | /*) malformed ;; esac
case $url in s3://*/?*) ;; *) malformed ;; esac
bucket=${location%%/*}
key=${location#*/}

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
[ -n "$region" ] || fail 'AWS_REGION is not set. It is the Region of the S3 bucket, like us-east-2.'
case $region in
  *[!a-z0-9-]*) fail "AWS_REGION should be a Region like us-east-2, but is '$region'." ;;
esac

command -v curl >/dev/null || fail 'there is no curl in this image to download .env with.'

if [ -n "${AWS_ACCESS_KEY_ID:-}" ] && [ -n "${AWS_SECRET_ACCESS_KEY:-}" ]; then
  id=$AWS_ACCESS_KEY_ID
  secret=$AWS_SECRET_ACCESS_KEY
  token=${AWS_SESSION_TOKEN:-}
else
  if [ -n "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-}" ]; then
    source=http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  else
    source=${AWS_CONTAINER_CREDENTIALS_FULL_URI:-}
  fi
  [ -n "$source" ] ||
    fail 'there are no AWS credentials. Give the task a task role that may read the bucket.'
  token=${AWS_CONTAINER_AUTHORIZATION_TOKEN:-}
  plain "$source$token" || fail "the address or token for the task role's credentials is malformed."
  # The address is a secret too, and a proxy could not reach it.
  response=$({
    printf 'url = "%s"\nnoproxy = "*"\n' "$source"
    [ -z "$token" ] || printf 'header = "Authorization: %s"\n' "$token"
  } | request)
  status=${response##*"$newline"}
  case $status in
    '200 ') ;;
    000*) fail "cannot reach the task role's credentials: ${status#000 }." ;;
    *) fail "the request for the task role's credentials was answered with ${status% }." ;;
  esac
  id=$(field "$response" AccessKeyId)
  secret=$(field "$response" SecretAccessKey)
  token=$(field "$response" Token)
  if [ -z "$id" ] || [ -z "$secret" ]; then
    fail "the request for the task role's credentials was answered without credentials."
  fi
fi
plain "$id$secret$token" || fail 'the AWS credentials have blanks or quotes in them, which no AWS key has.'

domain=amazonaws.com
case $region in
  cn-*) domain=amazonaws.com.cn ;;
esac
endpoint=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL:-}}
if [ -n "$endpoint" ]; then
  object=${endpoint%/}/$bucket/$key
else
  case $bucket in
    # Such a bucket's name is no host name that AWS's certificate covers.
    *[!a-z0-9-]*) object=https://s3.$region.$domain/$bucket/$key ;;
    *) object=https://$bucket.s3.$region.$domain/$key ;;
  esac
fi
plain "$object" || fail 'AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is malformed.'

file=$(mktemp .env.XXXXXX 2>/dev/null) || fail "cannot write into $(pwd), where .env belongs."
trap 'rm -f "$file"' EXIT
response=$({
  printf 'url = "%s"\npath-as-is\n' "$object"
  printf 'aws-sigv4 = "aws:amz:%s:s3"\nuser = "%s:%s"\n' "$region" "$id" "$secret"
  [ -z "$token" ] || printf 'header = "x-amz-security-token: %s"\n' "$token"
} | request --output "$file")
status=${response##*"$newline"}
code=$(sed -n 's|.*<Code>\([A-Za-z]*\)</Code>.*|\1|p' "$file")
answer=${status%% *}${code:+ $code}
case $status in
  '200 ') ;;
  '403 ') fail "S3 denied reading $url ($answer). The task role needs s3:GetObject on it, and s3:ListBucket on the bucket." ;;
  '404 ') fail "there is no $url ($answer). Upload the app's .env file there." ;;
  '301 ' | '307 ') fail "the bucket of $url is in another Region than $region ($answer)." ;;
  000* | 200*) fail "cannot download $url: ${status#* }." ;;
  *) fail "S3 answered the request for $url with $answer." ;;
esac
mv -f "$file" .env
printf 'entrypoint.sh: wrote .env from %s\n' "$url" >&2

exec "$@"
