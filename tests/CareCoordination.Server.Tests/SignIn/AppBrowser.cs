using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CareCoordination.SignIn.Clients;
using Microsoft.AspNetCore.WebUtilities;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>A browser of one person, and the app that they use: follows redirects of the server one by one and fills in its forms.</summary>
internal sealed partial class AppBrowser : IDisposable
{
    private readonly SignInServer _server;
    private readonly HttpClient _http;

    public AppBrowser(SignInServer server)
    {
        _server = server;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = true,
                CookieContainer = Cookies,
            }
        )
        {
            BaseAddress = new Uri(server.Root),
        };
    }

    public CookieContainer Cookies { get; } = new();

    public string Verifier { get; } = Base64Url(RandomNumberGenerator.GetBytes(32));

    public string State { get; } = Base64Url(RandomNumberGenerator.GetBytes(12));

    public string Challenge => Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The request that the app sends the browser with; parameters that are null are left out.</summary>
    public string Authorize(ClientRecord client, string scope, params (string Name, string? Value)[] others)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = client.Id,
            ["redirect_uri"] = client.RedirectUris.FirstOrDefault(),
            ["scope"] = scope,
            ["state"] = State,
            ["aud"] = _server.Base,
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in others)
            parameters[name] = value;
        return QueryHelpers.AddQueryString(
            "/connect/authorize",
            parameters.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value)
        );
    }

    /// <summary>Follows redirects until there is a page, or one leads away from the server.</summary>
    public async Task<Page> GoAsync(string address) => await FollowAsync(await _http.GetAsync(address));

    /// <summary>Fills in a form of a page and sends it.</summary>
    public async Task<Page> SubmitAsync(Page page, string? handler, params (string Name, string Value)[] fields)
    {
        var form = page.Forms()
            .Single(f => handler is null || f.Action.Contains($"handler={handler}", StringComparison.Ordinal));
        var values = form.Hidden.Concat(fields).Select(f => KeyValuePair.Create(f.Name, f.Value));
        var target = form.Action.Length == 0 ? page.Address : new Uri(page.Address, form.Action);
        return await FollowAsync(await _http.PostAsync(target, new FormUrlEncodedContent(values)));
    }

    /// <summary>What a page hands on to the authorization endpoint, without going there.</summary>
    public async Task<string> DecisionAsync(Page page, Form form)
    {
        var scopes = Form.Checked(page.Html).Select(v => ("scope", v));
        var values = form.Hidden.Concat(scopes).Select(f => KeyValuePair.Create(f.Item1, f.Item2));
        using var response = await _http.PostAsync(
            new Uri(page.Address, form.Action),
            new FormUrlEncodedContent(values)
        );
        return QueryHelpers.ParseQuery(new Uri(page.Address, response.Headers.Location!).Query)["decision"].ToString();
    }

    /// <summary>From the request to where the app is called back, for an app that asks no consent.</summary>
    public async Task<Page> SignInAsync(string address, string name, string password = SignInServer.Password)
    {
        var page = await GoAsync(address);
        return page.Title.StartsWith("Sign in", StringComparison.Ordinal)
            ? await SubmitAsync(page, null, ("name", name), ("password", password))
            : page;
    }

    public async Task<Tokens> RedeemAsync(ClientRecord client, Page back, params (string Name, string? Value)[] others)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = back.Query("code"),
            ["redirect_uri"] = client.RedirectUris[0],
            ["client_id"] = client.Id,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in others)
            parameters[name] = value;
        return await PostAsync("/connect/token", parameters);
    }

    public Task<Tokens> RefreshAsync(ClientRecord client, Tokens tokens, string? scope = null) =>
        PostAsync(
            "/connect/token",
            new Dictionary<string, string?>
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] = tokens.Text("refresh_token"),
                ["client_id"] = client.Id,
                ["scope"] = scope,
            }
        );

    /// <summary>What an app sends to an endpoint by itself, without the browser's cookies.</summary>
    public async Task<Tokens> PostAsync(string path, IDictionary<string, string?> parameters)
    {
        using var response = await _server.Server.Client.PostAsync(
            _server.Root + path,
            new FormUrlEncodedContent(
                parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!))
            )
        );
        return await Tokens.ReadAsync(response);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Page> FollowAsync(HttpResponseMessage response)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            var at = response.RequestMessage!.RequestUri!;
            var headers = response.Headers.ToString();
            if (response.Headers.Location is not { } location)
                return new Page(response.StatusCode, at, await response.Content.ReadAsStringAsync(), headers);
            var next = new Uri(at, location);
            if (next.GetLeftPart(UriPartial.Authority) != _server.Root)
                return new Page(response.StatusCode, next, "", headers);
            response.Dispose();
            response = await _http.GetAsync(next);
        }

        throw new InvalidOperationException("The server redirects in a circle.");
    }

    public static string Base64Url(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);

    /// <summary>A page, or the address outside the server that the browser was sent to.</summary>
    internal sealed partial record Page(HttpStatusCode Status, Uri Address, string Html, string Headers)
    {
        public string Title => Heading().Match(Html).Groups["text"].Value;

        public string Problem => Alert().Match(Html).Groups["text"].Value;

        public string? Query(string name) =>
            QueryHelpers.ParseQuery(Address.Query).TryGetValue(name, out var value) ? value.ToString() : null;

        /// <summary>The browser was sent back to the app.</summary>
        public Page ShouldBeBack(string redirect = SignInServer.Redirect)
        {
            Assert.True(
                Address.AbsoluteUri.StartsWith(redirect + "?", StringComparison.Ordinal),
                $"{Status} {Address}\n{Html}"
            );
            return this;
        }

        public IEnumerable<Form> Forms() =>
            FormTag()
                .Matches(Html)
                .Select(m => new Form(
                    WebUtility.HtmlDecode(ActionOf().Match(m.Value).Groups["url"].Value),
                    [
                        .. Hidden()
                            .Matches(m.Value)
                            .Select(h =>
                                (
                                    WebUtility.HtmlDecode(NameOf().Match(h.Value).Groups["text"].Value),
                                    WebUtility.HtmlDecode(ValueOf().Match(h.Value).Groups["text"].Value)
                                )
                            ),
                    ]
                ));

        [GeneratedRegex("<h1>(?<text>.*?)</h1>")]
        private static partial Regex Heading();

        [GeneratedRegex("id=\"problem\">(?<text>.*?)</p>")]
        private static partial Regex Alert();

        [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
        private static partial Regex FormTag();

        [GeneratedRegex("<form[^>]*action=\"(?<url>[^\"]*)\"")]
        private static partial Regex ActionOf();

        [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
        private static partial Regex Hidden();

        [GeneratedRegex("name=\"(?<text>[^\"]*)\"")]
        private static partial Regex NameOf();

        [GeneratedRegex("value=\"(?<text>[^\"]*)\"")]
        private static partial Regex ValueOf();
    }

    internal sealed partial record Form(string Action, (string Name, string Value)[] Hidden)
    {
        /// <summary>The values of boxes that are checked.</summary>
        public static IEnumerable<string> Checked(string html) =>
            Box().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups["text"].Value));

        [GeneratedRegex("type=\"checkbox\"[^>]*value=\"(?<text>[^\"]*)\" checked")]
        private static partial Regex Box();
    }
}

/// <summary>The answer of an endpoint of OAuth.</summary>
internal sealed record Tokens(HttpStatusCode Status, JsonElement Json)
{
    public string Error => Text("error") ?? "";

    public static async Task<Tokens> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return new Tokens(response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public string? Text(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? value.ToString() : null;

    /// <summary>The claims of a token.</summary>
    public JsonElement Claims(string token = "access_token") => Part(token, 1);

    public JsonElement Header(string token = "access_token") => Part(token, 0);

    private JsonElement Part(string token, int at) =>
        JsonDocument.Parse(WebEncoders.Base64UrlDecode(Text(token)!.Split('.')[at])).RootElement;
}
