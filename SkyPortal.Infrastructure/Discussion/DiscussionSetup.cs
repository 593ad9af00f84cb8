using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Registers comments, annotations, classifications and taxonomies.</summary>
public static class DiscussionSetup
{
    /// <summary>Registers them.</summary>
    public static IServiceCollection AddDiscussion(this IServiceCollection services) => services
        .AddSingleton<TaxonomyCache>()
        .AddSingleton<SearchClasses>()
        .AddSingleton<FindClasses>()
        .AddSingleton<ReadComments>()
        .AddSingleton<ReadTaxonomies>()
        .AddSingleton<SeedTaxonomies>()
        .AddSingleton<PostTaxonomy>()
        .AddSingleton<EditTaxonomy>()
        .AddSingleton<DeleteTaxonomy>()
        .AddSingleton<PostComment>()
        .AddSingleton<EditComment>()
        .AddSingleton<DeleteComment>()
        .AddSingleton<DeleteChannel>()
        .AddSingleton<ResolveMentions>()
        .AddSingleton<SuggestMentions>()
        .AddSingleton<CountAttachments>()
        .AddSingleton<PostAnnotation>()
        .AddSingleton<EditAnnotation>()
        .AddSingleton<DeleteAnnotation>()
        .AddSingleton<ReadPhotometryAnnotations>()
        .AddSingleton<ReadSpectrumAnnotations>()
        .AddSingleton<Classify>()
        .AddSingleton<EditClassification>()
        .AddSingleton<DeleteClassification>()
        .AddSingleton<VoteOnClassification>()
        .AddSingleton<ReadReminders>()
        .AddSingleton<SetReminder>()
        .AddSingleton<ChangeReminder>()
        .AddSingleton<DeleteReminder>()
        .AddSingleton<DeliverReminders>();
}
