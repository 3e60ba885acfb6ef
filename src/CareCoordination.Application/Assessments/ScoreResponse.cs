using System.Text;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments.Scoring;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Assessments;

/// <summary>Scores a response, and keeps what it gives: Observations, proposals, and what is urgent.</summary>
/// <param name="Sent">The response, where the operation is asked of the type: it is stored along.</param>
public sealed record ScoreResponse(CommandCall Call, ResourceDocument? Sent) : Command(Call)
{
    private const string Response = "questionnaire-response";

    public static readonly Operation Operation = new(
        ResourceTypes.QuestionnaireResponse,
        "score",
        "Scores the response of PHQ-2, PHQ-9, GAD-7, AHC-HRSN, PRAPARE or the Morse fall scale: Observations of its answers and its total with the band, problems that are proposed and not confirmed, proposals for social needs, and for an urgent answer a Task and a Flag at once. The same response gives the same again.",
        Read
    )
    {
        IsOnType = true,
        Answer = ResourceTypes.Parameters,
        Parameters =
        [
            new(Response, ["Resource"], "The response, where the URL names none. It is stored with what it gives."),
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var sent = input.All(Response).Select(OperationInput.ResourceOf).FirstOrDefault();
        if (input.Key.Id.Length == 0 == sent is null)
            return Failure.Invalid(
                IssueCode.Required,
                $"$score scores one response: the one that the URL names, or the one that is sent as '{Response}'.",
                "Parameters.parameter"
            );
        return sent is null || QuestionnaireResponseView.From(sent).Exists
            ? input.Command(call => new ScoreResponse(call, sent))
            : Failure.Invalid(
                IssueCode.Value,
                $"'{Response}' of $score is a QuestionnaireResponse.",
                $"Parameters.parameter.where(name = '{Response}')"
            );
    }
}

internal sealed class ScoreResponseHandler(CommandRunner runner, ScoreReads scores, CareSession session)
    : IRequestHandler<ScoreResponse, FhirResponse>
{
    public async Task<FhirResponse> Handle(ScoreResponse command, CancellationToken cancellationToken)
    {
        var key = command.Sent is { } sent ? await KeyOfAsync(sent, cancellationToken) : command.Call.Key;
        var done = command.Sent is { } document
            ? await runner.RunOnTypeAsync(
                command,
                async now => await DecideSentAsync(command, key, document, now, cancellationToken),
                cancellationToken
            )
            : await runner.RunAsync(
                command,
                (response, now, _) => DecideAsync(command, response, now, cancellationToken),
                cancellationToken
            );
        return done.Status >= 400 ? done : await ShowAsync(key, cancellationToken);
    }

    /// <summary>
    /// A response without an id gets one that is made of what it says, so that it is the same one when it comes again. So does one whose id
    /// its caller does not see: who does not see everything gives no ids.
    /// </summary>
    private async Task<ResourceKey> KeyOfAsync(ResourceDocument sent, CancellationToken cancellationToken)
    {
        if (sent.Id is { } id)
        {
            var named = new ResourceKey(ResourceTypes.QuestionnaireResponse, id);
            if (session.Rights.IsUnlimited || await session.Reads.ReadAsync(named, cancellationToken) is not null)
                return named;
        }

        var said = Encoding.UTF8.GetString(new ResourceEditor(sent).ToUtf8Json());
        return new(
            ResourceTypes.QuestionnaireResponse,
            DerivedId.Of(new(ResourceTypes.QuestionnaireResponse, ""), said)
        );
    }

    private async Task<Result<Decision>> DecideSentAsync(
        ScoreResponse command,
        ResourceKey key,
        ResourceDocument sent,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var json = new QuestionnaireResponseEditor(QuestionnaireResponseView.From(sent)) { Id = key.Id }.ToUtf8Json();
        var current = await session.Reads.ReadAsync(key, cancellationToken);
        var isThere = current is { IsDeleted: false } stored && StoredResponse.Says(stored.Utf8Json, json);
        var response = new Snapshot(key, current?.Version ?? 0, json);
        var decided = await DecideAsync(command, response, now, cancellationToken);
        if (isThere || !decided.TryGet(out var decision, out _))
            return decided;
        return decision with
        {
            Writes = [new ResourceWrite(key, response.Version, json), .. decision.Writes],
            ReliedOn = [.. decision.ReliedOn.Where(r => r.Key != key)],
        };
    }

    private async Task<Result<Decision>> DecideAsync(
        ScoreResponse command,
        Snapshot response,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var read = await scores.AssessAsync(response, now, cancellationToken);
        if (!read.TryGet(out var scored, out var failure))
            return failure;
        var context = await scores.ContextAsync(response, command.Call.By, now, cancellationToken);
        var outputs = ResponseScoring.Outputs(scored, context);
        return ResponseScoring.Decide(
            context,
            outputs,
            await scores.StoredAsync(response.Key, outputs, cancellationToken),
            await scores.AwaitedAsync(scored, context, cancellationToken)
        );
    }

    private async Task<FhirResponse> ShowAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        if (await session.Reads.ReadAsync(key, cancellationToken) is not { IsDeleted: false } current)
            return Failure.Gone($"{key} was deleted meanwhile.");
        var response = new Snapshot(key, current.Version, current.Utf8Json);
        var now = runner.Now();
        if (!(await scores.AssessAsync(response, now, cancellationToken)).TryGet(out var assessment, out var failure))
            return failure;
        var context = await scores.ContextAsync(response, ServerAgent.Unknown, now, cancellationToken);
        var resources = new List<ResourceDocument>();
        foreach (var (output, _) in ResponseScoring.Outputs(assessment, context))
        {
            if (await session.Reads.ReadAsync(output, cancellationToken) is { IsDeleted: false } made)
                resources.Add(ResourceDocument.Parse(made.Utf8Json).Value);
        }

        return FhirResponse.Of(new BytesContent(ScoreAnswer.Of(key.ToString(), assessment, resources)));
    }
}
