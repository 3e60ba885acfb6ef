using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>
/// How it is told who asks. Everything behind this edge takes the <see cref="Caller"/> as it is.
/// </summary>
/// <param name="Ask">
/// The caller of a request, from its headers alone, or why nobody is let in. What an answer has to say besides (WWW-Authenticate,
/// Retry-After) it has put into the response's headers.
/// </param>
/// <param name="Unknown">Who is named of a request that is refused before anybody has looked who asks.</param>
public sealed record WhoAsks(Func<HttpContext, ValueTask<Result<Caller>>> Ask, Caller Unknown)
{
    /// <summary>While no security is configured: whoever reaches the server.</summary>
    public static readonly WhoAsks Anybody = new(_ => new(Caller.Open), Caller.Open);

    /// <summary>True while no security is configured.</summary>
    public bool IsOpen => Unknown.Kind == CallerKind.Open;

    /// <summary>The caller that <see cref="CallerGate"/> has found.</summary>
    public Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Unknown;
}
