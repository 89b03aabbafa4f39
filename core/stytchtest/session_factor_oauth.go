package stytchtest

import (
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// providers are the OAuth providers of B2B projects, as URLs name them, each with its provider_type.
func providers() map[string]string {
	return map[string]string{"google": "Google", "microsoft": "Microsoft", "hubspot": "HubSpot", "slack": "Slack", "github": "GitHub"}
}

// userProviders are those of consumer projects.
func userProviders() map[string]string {
	return map[string]string{
		"amazon": "Amazon", "apple": "Apple", "bitbucket": "Bitbucket", "coinbase": "Coinbase", "discord": "Discord",
		"facebook": "Facebook", "github": "Github", "gitlab": "GitLab", "google": "Google", "linkedin": "LinkedIn",
		"microsoft": "Microsoft", "salesforce": "Salesforce", "slack": "Slack", "twitch": "Twitch", "yahoo": "Yahoo",
	}
}

func oauthFactor(provider string, who person, at time.Time) factor {
	f := shown(sessions.AuthenticationFactorTypeOAuth, sessions.AuthenticationFactorDeliveryMethod("oauth_"+provider), at)
	// Every provider's details have the same fields.
	details := &sessions.GoogleOAuthFactor{
		ID: newID("oauth-member-test"), ProviderSubject: subjectOf(provider, who.email), EmailID: who.emailFactor().EmailID,
	}
	switch provider {
	case "amazon":
		f.AmazonOAuthFactor = (*sessions.AmazonOAuthFactor)(details)
	case "apple":
		f.AppleOAuthFactor = (*sessions.AppleOAuthFactor)(details)
	case "bitbucket":
		f.BitbucketOAuthFactor = (*sessions.BitbucketOAuthFactor)(details)
	case "coinbase":
		f.CoinbaseOAuthFactor = (*sessions.CoinbaseOAuthFactor)(details)
	case "discord":
		f.DiscordOAuthFactor = (*sessions.DiscordOAuthFactor)(details)
	case "facebook":
		f.FacebookOAuthFactor = (*sessions.FacebookOAuthFactor)(details)
	case "github":
		f.GithubOAuthFactor = (*sessions.GithubOAuthFactor)(details)
	case "gitlab":
		f.GitLabOAuthFactor = (*sessions.GitLabOAuthFactor)(details)
	case "google":
		f.GoogleOAuthFactor = details
	case "hubspot":
		f.HubspotOAuthFactor = (*sessions.HubspotOAuthFactor)(details)
	case "linkedin":
		f.LinkedInOAuthFactor = (*sessions.LinkedInOAuthFactor)(details)
	case "microsoft":
		f.MicrosoftOAuthFactor = (*sessions.MicrosoftOAuthFactor)(details)
	case "salesforce":
		f.SalesforceOAuthFactor = (*sessions.SalesforceOAuthFactor)(details)
	case "slack":
		f.SlackOAuthFactor = (*sessions.SlackOAuthFactor)(details)
	case "twitch":
		f.TwitchOAuthFactor = (*sessions.TwitchOAuthFactor)(details)
	case "yahoo":
		f.YahooOAuthFactor = (*sessions.YahooOAuthFactor)(details)
	}
	return f
}
