using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Transitions;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Transitions;
using MediatR;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// A partner tells by a message how it goes with a referral of ours: BSeR's feedback. It is taken as what a poll brings would be.
/// https://hl7.org/fhir/R4/messageheader-operation-process-message.html
/// </summary>
/// <param name="MessageId">Of the MessageHeader: named in the answer.</param>
/// <param name="Event">As the MessageHeader has it.</param>
/// <param name="Source">Where the sender says that it is.</param>
public sealed record ReceiveMessage(string MessageId, CodingView Event, Uri Source, ResourceDocument Task)
    : FhirInteraction(ReceiveMessage.Operation, null, null)
{
    public const string Operation = "$process-message";

    /// <summary>As it came over HTTP: what tells of a stay and is refused is kept.</summary>
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (Read(request, definitions).TryGet(out var interaction, out var failure))
            return interaction is SubmitTransition told ? told with { Received = request.Body } : interaction;
        return RefusedNotice.Of(Operation, request, failure, definitions) is { } kept ? kept : failure;
    }

    /// <summary>As whoever makes it out of something else hands it over.</summary>
    public static Result<FhirInteraction> Read(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var document, out var failure))
            return failure;
        if (!document.ResourceTypeUtf8.SequenceEqual("Bundle"u8))
            return Failure.Invalid(IssueCode.Value, "$process-message takes a Bundle of type message.");
        document = definitions.MakeRelative(document, request.BaseUrl);
        var errors = definitions.Validate(document).Where(i => i.IsError).ToImmutableArray();
        if (!errors.IsEmpty)
            return new Failure(400, errors);
        var bundle = BundleView.From(document);
        if (bundle.Type != BundleTypeCodes.Message)
            return Failure.Invalid(IssueCode.Value, "$process-message takes a Bundle of type message.", "Bundle.type");
        // The first entry is a MessageHeader: a rule of Bundle (bdl-12), checked above; it holds for a Bundle without entries as well.
        var entries = bundle.Entry.Where(e => e.Resource.Element.Exists).ToArray();
        if (entries.Length == 0)
            return Failure.Unprocessable(
                IssueCode.Required,
                "The message has no entries: it begins with a MessageHeader.",
                BundleView.At.Entry
            );
        var header = MessageHeaderView.From(document.Detach(entries[0].Resource.Element.Value));
        if (NoticeReader.IsNotice(header))
            return NoticeReader
                .Read(document, definitions.Schema.IsResourceType)
                .Then<FhirInteraction>(notice => new SubmitTransition(notice) { MessageFrom = request.BaseUrl });
        var focus = header.Focus.Select(f => f.Reference).ToHashSet();
        var task = entries
            .Where(e => e.Resource.Element.Type.Name == ResourceTypes.Task)
            .OrderBy(e => !focus.Contains(e.FullUrl))
            .Select(e => document.Detach(e.Resource.Element.Value))
            .FirstOrDefault();
        if (task?.Id is null)
            return Failure.Unprocessable(
                IssueCode.Required,
                "The message holds no Task with an id: this server takes what partners say of the Tasks it sent them, and events of stays.",
                "Bundle.entry"
            );
        return header.Id is { } id && Uri.TryCreate(header.Source.Endpoint, UriKind.Absolute, out var source)
            ? new ReceiveMessage(id, header.EventCoding, source, task)
            : Failure.Unprocessable(
                IssueCode.Required,
                "The MessageHeader needs an id, and in source.endpoint the address of the sender.",
                "Bundle.entry[0].resource"
            );
    }
}

internal sealed class ReceiveMessageHandler(
    PartnerMessages messages,
    PartnersOptions options,
    CareSession session,
    CareSessions sessions
) : IRequestHandler<ReceiveMessage, FhirResponse>
{
    private static readonly Failure NoPartner = Failure.From(
        403,
        IssueCode.Forbidden,
        "Only the partner that a referral is with may say how it goes: Partners:{Endpoint id}:ClientId names no client like that of the token."
    );

    private static readonly Failure AnotherAddress = Failure.From(
        403,
        IssueCode.Forbidden,
        "Only the partner that a referral is with may say how it goes: source.endpoint is not at the address of its Endpoint.",
        "MessageHeader.source.endpoint"
    );

    public async Task<FhirResponse> Handle(ReceiveMessage message, CancellationToken cancellationToken)
    {
        if (session.Caller.Kind == CallerKind.Open)
            return await messages.TakeAsync(
                message,
                partner => IsAt(partner, message.Source) ? null : AnotherAddress,
                cancellationToken
            );
        if (session.Caller.Client is not { } client || options.OfClient(client) is not { } endpoint)
            return NoPartner;
        // As everything that partners say: in the session of the partner, who is told by the client of the token.
        await using var open = sessions.Open(Caller.Partner(endpoint));
        return await open.Get<PartnerMessages>()
            .TakeAsync(
                message,
                partner => partner?.Id == endpoint ? null : PartnerMessages.NoReferral,
                cancellationToken
            );
    }

    /// <summary>Nothing proves it while this server is open; what it rules out are mistakes.</summary>
    private static bool IsAt(Partner? partner, Uri source) =>
        partner?.Address.Host == source.Host && partner.Address.Port == source.Port;
}
