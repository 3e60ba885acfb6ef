using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>An authorization server on loopback, of which tests decide everything: its keys, its metadata, what it says of opaque tokens.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    /// <summary>What its tokens are for: the base of a server does not need to be known before it listens.</summary>
    public const string Audience = "https://care.example.org/fhir";

    public const string Client = "care-server";

    public const string Secret = "secret of : care";

    private readonly WebApplication _app;
    private int _metadataAsked;
    private int _keysAsked;
    private int _introspected;

    private TestIssuer(WebApplication app, TimeProvider time)
    {
        _app = app;
        Time = time;
    }

    public TimeProvider Time { get; }

    public string Id { get; private set; } = "";

    /// <summary>Those that are published; the first signs.</summary>
    public List<IssuerKey> Keys { get; } = [new()];

    /// <summary>The JWK Set, where it is to be another one than <see cref="Keys"/>.</summary>
    public string? KeySet { get; set; }

    public bool IsDown { get; set; }

    /// <summary>Members of the metadata that are different, or not there.</summary>
    public Dictionary<string, JsonNode?> Metadata { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, JsonObject> Opaque { get; } = new(StringComparer.Ordinal);

    /// <summary>What is answered about a token, as it is.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The questions about tokens.</summary>
    public ConcurrentQueue<(string? Authorization, IFormCollection Form)> Questions { get; } = new();

    public int MetadataAsked => _metadataAsked;

    public int KeysAsked => _keysAsked;

    public int Introspected => _introspected;

    /// <param name="port">0: any.</param>
    public static async Task<TestIssuer> StartAsync(TimeProvider? time = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        var issuer = new TestIssuer(app, time ?? TimeProvider.System);
        app.Use((context, next) => issuer.IsDown ? issuer.FailAsync(context) : next(context));
        app.MapGet("/.well-known/openid-configuration", issuer.DescribeAsync);
        app.MapGet("/keys", issuer.PublishAsync);
        app.MapPost("/introspect", issuer.IntrospectAsync);
        await app.StartAsync();
        issuer.Id = app.Urls.First();
        return issuer;
    }

    /// <summary>By which a server takes its tokens.</summary>
    public string[] Settings(string name = "main", params string[] more) =>
        [
            "--Security:Mode=Oidc",
            $"--Security:Issuers:{name}:Authority={Id}",
            $"--Security:Issuers:{name}:Audiences={Audience}",
            $"--Security:Issuers:{name}:Roles:care-manager=Care Manager",
            $"--Security:Issuers:{name}:Roles:lead=Lead",
            $"--Security:Issuers:{name}:Clients:ehr-system=ehr",
            .. more.Select(setting => $"--Security:Issuers:{name}:{setting}"),
        ];

    public string[] SettingsWithIntrospection(params string[] more) =>
        Settings("main", [$"Introspection:ClientId={Client}", $"Introspection:ClientSecret={Secret}", .. more]);

    /// <summary>Claims that every server of the settings above lets in.</summary>
    public JsonObject Claims(Action<JsonObject>? change = null)
    {
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Id,
            ["aud"] = Audience,
            ["sub"] = "alice",
            ["client_id"] = "care-app",
            ["scope"] = "openid fhirUser user/*.cruds",
            ["fhirUser"] = "Practitioner/alice",
            ["roles"] = new JsonArray("Care Manager"),
            ["iat"] = now,
            ["exp"] = now + 300,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        change?.Invoke(claims);
        return claims;
    }

    public string Token(Action<JsonObject>? change = null, string? type = "at+jwt") =>
        Keys[0].Sign(Keys[0].Header(type), Claims(change));

    /// <summary>A token that says nothing by itself.</summary>
    public string OpaqueToken(Action<JsonObject>? change = null)
    {
        var token = Guid.NewGuid().ToString("N");
        Opaque[token] = Claims(claims =>
        {
            claims["active"] = true;
            claims["token_type"] = "Bearer";
            change?.Invoke(claims);
        });
        return token;
    }

    /// <summary>New keys sign, and only they are published.</summary>
    public void Rotate(string algorithm = "RS256")
    {
        Keys.Clear();
        Keys.Add(new IssuerKey(algorithm));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    }

    private Task DescribeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _metadataAsked);
        var metadata = new JsonObject
        {
            ["issuer"] = Id,
            ["jwks_uri"] = Id + "/keys",
            ["authorization_endpoint"] = Id + "/authorize",
            ["token_endpoint"] = Id + "/token",
            ["introspection_endpoint"] = Id + "/introspect",
            ["revocation_endpoint"] = Id + "/revoke",
            ["grant_types_supported"] = new JsonArray("authorization_code", "refresh_token", "client_credentials"),
            ["response_types_supported"] = new JsonArray("code"),
            ["scopes_supported"] = new JsonArray("openid", "fhirUser", "offline_access"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("private_key_jwt", "client_secret_basic", "none"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
        };
        foreach (var (name, value) in Metadata)
            metadata[name] = value?.DeepClone();
        return WriteAsync(context, metadata.ToJsonString());
    }

    private Task PublishAsync(HttpContext context)
    {
        Interlocked.Increment(ref _keysAsked);
        return WriteAsync(
            context,
            KeySet ?? new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(k => k.Public)]) }.ToJsonString()
        );
    }

    private async Task IntrospectAsync(HttpContext context)
    {
        Interlocked.Increment(ref _introspected);
        var form = await context.Request.ReadFormAsync();
        Questions.Enqueue((context.Request.Headers.Authorization, form));
        var pair = $"{Uri.EscapeDataString(Client)}:{Uri.EscapeDataString(Secret)}";
        if (
            context.Request.Headers.Authorization != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}"
            && !form.ContainsKey("client_assertion")
        )
        {
            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return;
        }

        var token = form["token"].ToString();
        var answer =
            Answers.TryGetValue(token, out var given) ? given
            : Opaque.TryGetValue(token, out var claims) ? claims.ToJsonString()
            : """{"active":false}""";
        await WriteAsync(context, answer);
    }

    private static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
