using System.Text.Json;
using System.Text.Json.Serialization;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Http;

namespace CareCoordination.SignIn.Administration;

/// <summary>
/// What every request of an administrator passes: whether the token is for it, the body as JSON without a word that is not known, a row in
/// the audit trail, and the answer.
/// </summary>
internal sealed class AdministrationDesk(AuditTrail trail, Refusals refusals, WhoAsks who)
{
    private const int MaxBody = 64 * 1024;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Who asks.</summary>
    public Caller CallerOf(HttpContext context) => who.Of(context) with { Origin = RequestOrigins.Of(context) };

    /// <summary>Does what was asked, unless the scopes of the token are for less, and tells of it.</summary>
    /// <param name="what">As the audit trail names it: <c>client-add</c>.</param>
    /// <param name="subject">What it is done to; null: nothing alone.</param>
    public async Task AnswerAsync(HttpContext context, string what, string? subject, Func<Task<Result<object?>>> act) =>
        await TellAsync(context, what, subject, WhyNot(CallerOf(context)) is { } refused ? refused : await act());

    /// <summary>Tells of what was done or refused, and answers with it.</summary>
    public async Task TellAsync(HttpContext context, string what, string? subject, Result<object?> result)
    {
        var status =
            !result.TryGet(out var value, out var failure) ? failure.Status
            : value is null ? StatusCodes.Status204NoContent
            : what.EndsWith("-add", StringComparison.Ordinal) ? StatusCodes.Status201Created
            : StatusCodes.Status200OK;
        await trail.NoteAsync(CallerOf(context), what, subject, status);
        if (failure is not null)
        {
            await refusals.AnswerAsync(context, failure);
            return;
        }

        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        if (value is not null)
            await context.Response.WriteAsJsonAsync(value, value.GetType(), Json, null, context.RequestAborted);
    }

    public static async Task<Result<T>> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (context.Request.ContentLength is > MaxBody)
            return Failure.From(413, IssueCode.TooLong, $"The body has to be smaller than {MaxBody} bytes.");
        try
        {
            return
                await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted) is { } body
                ? body
                : Failure.Invalid(IssueCode.Required, "The body is empty: it has to be a JSON object.");
        }
        catch (JsonException e)
        {
            return Failure.Invalid(
                IssueCode.Structure,
                $"The body is no JSON that is known here (at {e.Path ?? "$"}): docs/sign-in.md shows what is."
            );
        }
    }

    /// <summary>
    /// A token for some data of a patient lets nobody in here, whoever holds it: it takes one for everything.
    /// </summary>
    private static Failure? WhyNot(Caller caller) =>
        caller.Scopes is { } scopes
        && scopes.Resources.Any(scope =>
            scope is { ResourceType: "*", Rights: ScopeRights.All, Query.Length: 0 }
            && scope.Context == (caller.Kind == CallerKind.Client ? ScopeContext.System : ScopeContext.User)
        )
            ? null
            : Failure.From(
                403,
                IssueCode.Forbidden,
                "This takes a token with the scope user/*.cruds, or system/*.cruds of a program: ask for it when you sign in."
            );
}
