package checks

// Written by go test -run TestPackages -update.

import (
	"github.com/errgen/errgen/out/akamai"
	"github.com/errgen/errgen/out/anthropic"
	"github.com/errgen/errgen/out/auth0"
	"github.com/errgen/errgen/out/discord"
	"github.com/errgen/errgen/out/dynamodb"
	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/formamail"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/genesys"
	"github.com/errgen/errgen/out/github"
	"github.com/errgen/errgen/out/google"
	"github.com/errgen/errgen/out/hubspot"
	"github.com/errgen/errgen/out/leads"
	"github.com/errgen/errgen/out/notion"
	"github.com/errgen/errgen/out/paypal"
	"github.com/errgen/errgen/out/plaid"
	"github.com/errgen/errgen/out/s3"
	"github.com/errgen/errgen/out/salesforce"
	"github.com/errgen/errgen/out/sendgrid"
	"github.com/errgen/errgen/out/shopify"
	"github.com/errgen/errgen/out/slack"
)

var packages = map[string]generated{
	"akamai":     {akamai.Check, akamai.Decode, akamai.Policy, asText(akamai.CodeOf), akamai.Items},
	"anthropic":  {anthropic.Check, anthropic.Decode, anthropic.Policy, asText(anthropic.CodeOf), nil},
	"auth0":      {auth0.Check, auth0.Decode, auth0.Policy, asText(auth0.CodeOf), nil},
	"discord":    {discord.Check, discord.Decode, discord.Policy, asText(discord.CodeOf), discord.Items},
	"dynamodb":   {dynamodb.Check, dynamodb.Decode, dynamodb.Policy, asText(dynamodb.CodeOf), nil},
	"forlena":    {forlena.Check, forlena.Decode, forlena.Policy, asText(forlena.CodeOf), nil},
	"formamail":  {formamail.Check, formamail.Decode, formamail.Policy, asText(formamail.CodeOf), nil},
	"formfex":    {formfex.Check, formfex.Decode, formfex.Policy, asText(formfex.CodeOf), nil},
	"genesys":    {genesys.Check, genesys.Decode, genesys.Policy, asText(genesys.CodeOf), nil},
	"github":     {github.Check, github.Decode, github.Policy, asText(github.CodeOf), github.Items},
	"google":     {google.Check, google.Decode, google.Policy, asText(google.CodeOf), google.Items},
	"hubspot":    {hubspot.Check, hubspot.Decode, hubspot.Policy, asText(hubspot.CodeOf), hubspot.Items},
	"leads":      {leads.Check, leads.Decode, leads.Policy, asText(leads.CodeOf), nil},
	"notion":     {notion.Check, notion.Decode, notion.Policy, asText(notion.CodeOf), nil},
	"paypal":     {paypal.Check, paypal.Decode, paypal.Policy, asText(paypal.CodeOf), paypal.Items},
	"plaid":      {plaid.Check, plaid.Decode, plaid.Policy, asText(plaid.CodeOf), plaid.Items},
	"s3":         {s3.Check, s3.Decode, s3.Policy, asText(s3.CodeOf), s3.Items},
	"salesforce": {salesforce.Check, salesforce.Decode, salesforce.Policy, asText(salesforce.CodeOf), salesforce.Items},
	"sendgrid":   {sendgrid.Check, sendgrid.Decode, sendgrid.Policy, asText(sendgrid.CodeOf), sendgrid.Items},
	"shopify":    {shopify.Check, shopify.Decode, shopify.Policy, asText(shopify.CodeOf), shopify.Items},
	"slack":      {slack.Check, slack.Decode, slack.Policy, asText(slack.CodeOf), nil},
}
